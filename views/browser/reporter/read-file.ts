/** A file's bytes, a piece at a time, with as little memory as the browser allows. */

const pieceBytes = 1024 * 1024;

/** One buffer goes back and forth, so that a large file leaves no garbage. Null where browsers have no such streams. */
function borrowingReader(file: Blob): ReadableStreamBYOBReader | null {
  try {
    return file.stream().getReader({ mode: "byob" });
  } catch {
    return null;
  }
}

/** Each piece is valid until the next is asked for. Throws what reading throws. */
export async function* readFile(file: Blob): AsyncGenerator<Uint8Array> {
  if (file.size <= pieceBytes) {
    // A reader for each of hundreds of small files: some never answer (seen in Chromium).
    if (file.size > 0) yield new Uint8Array(await file.arrayBuffer());
    return;
  }
  const reader = borrowingReader(file);
  if (reader === null) {
    for (let at = 0; at < file.size; at += pieceBytes)
      yield new Uint8Array(await file.slice(at, at + pieceBytes).arrayBuffer());
    return;
  }
  try {
    let buffer = new ArrayBuffer(pieceBytes);
    for (;;) {
      const { value, done } = await reader.read(new Uint8Array(buffer));
      if (done) return;
      yield value;
      buffer = value.buffer;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
