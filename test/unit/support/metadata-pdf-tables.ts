/** PDFs written by hand, byte for byte: whose cross-references agree with the order of the objects, and whose do not. */

export const chosen = "Chosen words";
export const other = "Other words";

const head = "%PDF-1.5\n";
const font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";
const draw = (words: string): string => `BT /F1 14 Tf 20 150 Td (${words}) Tj ET`;

function stream(data: string, more = "", length = String(data.length)): string {
  return `<< ${more} /Length ${length} >>\nstream\n${data}\nendstream`;
}

const object = (number: number, body: string): string => `${String(number)} 0 obj\n${body}\nendobj\n`;
const place = (offset: number): string => `${String(offset).padStart(10, "0")} 00000 n \n`;
const free = "0000000000 65535 f \n";

/** Catalogue, pages, one page, its drawing and its font: numbers 1 to 5. */
function plainObjects(contents = stream(draw(chosen))): string[] {
  return [
    "<< /Type /Catalog /Pages 2 0 R >>",
    "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 300 200] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
    contents,
    font,
  ];
}

interface Written {
  file: string;
  /** Where each object begins, by number. */
  places: number[];
}

function writeObjects(bodies: string[]): Written {
  let file = head;
  const places = [0];
  for (const [i, body] of bodies.entries()) {
    places.push(file.length);
    file += object(i + 1, body);
  }
  return { file, places };
}

function ended({ file, places }: Written, more = ""): string {
  const size = String(places.length);
  const entries = places.slice(1).map(place).join("");
  return `${file}xref\n0 ${size}\n${free}${entries}trailer\n<< /Size ${size} /Root 1 0 R ${more} >>\nstartxref\n${String(file.length)}\n%%EOF\n`;
}

/** The end of `file` once more, behind `between`: the same cross-references count. */
function endAgain(file: string, between: string): string {
  return `${file}${between}startxref\n${/startxref\s+(\d+)\s+%%EOF\s*$/.exec(file)![1]!}\n%%EOF\n`;
}

function update(file: string, objects: [number: number, body: string][], freed: number[] = []): string {
  const before = /startxref\s+(\d+)\s+%%EOF\s*$/.exec(file)![1]!;
  let written = file;
  let table = "";
  for (const [number, body] of objects) {
    table += `${String(number)} 1\n${place(written.length)}`;
    written += object(number, body);
  }
  for (const number of freed) table += `${String(number)} 1\n0000000000 00001 f \n`;
  const size = String(Math.max(6, ...objects.map(([number]) => number + 1)));
  return `${written}xref\n${table}trailer\n<< /Size ${size} /Root 1 0 R /Prev ${before} >>\nstartxref\n${String(written.length)}\n%%EOF\n`;
}

const plain = (): string => ended(writeObjects(plainObjects()));
const rogue = object(4, stream(draw(other)));
const hex = (value: number, width: number): string => value.toString(16).padStart(width, "0");

/** The font (5) is in an object stream (6) that only a cross-reference stream (7) tells of: old readers find it free. */
function hybrid(): string {
  const { file: plainFile, places } = writeObjects(plainObjects().slice(0, 4));
  let file = plainFile;
  const packedAt = file.length;
  file += object(6, stream(`5 0 ${font}`, "/Type /ObjStm /N 1 /First 4"));
  const entries = `02${hex(6, 6)}00 01${hex(packedAt, 6)}00>`;
  const hiddenAt = file.length;
  file += object(7, stream(entries, "/Type /XRef /Size 8 /W [1 3 1] /Index [5 2] /Filter /ASCIIHexDecode"));
  const table = `xref\n0 8\n${free}${places.slice(1).map(place).join("")}${free.repeat(3)}`;
  const first = `${file}${table}trailer\n<< /Size 8 /Root 1 0 R >>\nstartxref\n${String(file.length)}\n%%EOF\n`;
  // As Word does it: a second section that has nothing but the way to the stream.
  const more = `/Root 1 0 R /Prev ${String(file.length)} /XRefStm ${String(hiddenAt)}`;
  return `${first}xref\n0 0\ntrailer\n<< /Size 8 ${more} >>\nstartxref\n${String(first.length)}\n%%EOF\n`;
}

/** Readers and the library see the same in these. */
export const agreeing: Record<string, () => string> = {
  "one version": plain,
  "white space before an object": () => ended(writeObjects(plainObjects())).replace("0000000009", "0000000008"),
  "an update": () => update(ended(writeObjects(plainObjects(stream(draw("Old words"))))), [[4, stream(draw(chosen))]]),
  "two updates": () =>
    update(update(plain(), [[4, stream(draw("Old words"))]]), [
      [4, stream(draw(chosen))],
      [6, "(new)"],
    ]),
  "an update that frees what nobody names": () => update(plain(), [[6, "(new)"]], [6]),
  "a hybrid file": hybrid,
  "a length in an object of its own": () =>
    ended(writeObjects([...plainObjects(stream(draw(chosen), "", "6 0 R")), String(draw(chosen).length)])),
  "a length in an object of its own, and the word stream in the drawing": () => {
    const drawing = `% a stream, an endstream\n${draw(chosen)}`;
    return ended(writeObjects([...plainObjects(stream(drawing, "", "6 0 R")), String(drawing.length)]));
  },
  "cross-references that lead nowhere, and one version": () => plain().replace(/startxref\n\d+/, "startxref\n7"),
  "cross-references that are all shifted, and one version": () =>
    plain().replace(/^0000000(\d{3})/gm, (_, at: string) => `0000000${String(Number(at) + 5).padStart(3, "0")}`),
};

/** A reader shows `chosen` in these, and the library takes something else. */
export const disagreeing: Record<string, () => string> = {
  "a second object of one number": () => {
    const written = writeObjects(plainObjects());
    return ended({ ...written, file: written.file + rogue });
  },
  "a second object behind the end": () => endAgain(plain(), rogue),
  "a second object in an object stream": () => {
    const written = writeObjects(plainObjects());
    const page = plainObjects()[2]!.replace("/Contents 4", "/Contents 6");
    const packed = stream(`3 0 ${page}`, "/Type /ObjStm /N 1 /First 4");
    return ended({ ...written, file: written.file + object(6, stream(draw(other))) + object(7, packed) });
  },
  "an update, and the older object once more": () =>
    endAgain(update(ended(writeObjects(plainObjects(stream(draw("Old words"))))), [[4, stream(draw(chosen))]]), rogue),
  // By the standard these show nothing; some readers search for them.
  "a drawing that was freed": () => {
    const first = ended(writeObjects([...plainObjects(), stream(draw(other))]));
    const page = plainObjects()[2]!.replace("4 0 R", "[4 0 R 6 0 R]");
    return update(first, [[3, page]], [6]);
  },
  "a drawing that the cross-references do not have": () => {
    const bodies = plainObjects();
    bodies[2] = bodies[2]!.replace("4 0 R", "[4 0 R 6 0 R]");
    const written = writeObjects(bodies);
    return ended({ ...written, file: written.file + object(6, stream(draw(other))) });
  },
  "cross-references that lead nowhere, and two objects of one number": () =>
    endAgain(plain(), rogue).replace(/startxref\n\d+/g, "startxref\n7"),
};

/** The library alone would take something else; what is shown is what the cross-references say. */
export const followed: Record<string, () => string> = {
  "a second trailer that names another catalogue": () =>
    endAgain(
      plain(),
      object(6, "<< /Type /Catalog /Pages 7 0 R >>") +
        object(7, "<< /Type /Pages /Kids [8 0 R] /Count 1 >>") +
        object(8, plainObjects()[2]!.replace("/Contents 4", "/Contents 9")) +
        object(9, stream(draw(other))) +
        "trailer\n<< /Size 10 /Root 6 0 R >>\n",
    ),
  "an object that was freed and shows nothing": () => {
    const first = ended(writeObjects([...plainObjects(), `<< /Said (${other}) >>`]));
    return update(first, [[1, "<< /Type /Catalog /Pages 2 0 R /Extra 6 0 R >>"]], [6]);
  },
  "a length that goes beyond the word endstream": () => {
    const drawing = `% \nendstream endobj ${object(5, "(not the font)")}\n${draw(chosen)}`;
    return ended(writeObjects([...plainObjects(stream(drawing, "", "6 0 R")), String(drawing.length)]));
  },
};
