/** The stored (uncompressed) entries of a ZIP as client-zip writes it, by its central directory. APPNOTE.TXT §4.3. */
export function readZip(zip: Buffer): Map<string, Buffer> {
  const files = new Map<string, Buffer>();
  const end = zip.lastIndexOf(Buffer.from("PK\x05\x06"));
  let at = zip.readUInt32LE(end + 16);
  for (let left = zip.readUInt16LE(end + 10); left > 0; left--) {
    const [method, size, nameBytes, extraBytes, commentBytes] = [
      zip.readUInt16LE(at + 10),
      zip.readUInt32LE(at + 24),
      zip.readUInt16LE(at + 28),
      zip.readUInt16LE(at + 30),
      zip.readUInt16LE(at + 32),
    ];
    if (method !== 0) throw new Error("this ZIP is compressed");
    const local = zip.readUInt32LE(at + 42);
    const start = local + 30 + zip.readUInt16LE(local + 26) + zip.readUInt16LE(local + 28);
    files.set(zip.toString("utf8", at + 46, at + 46 + nameBytes), zip.subarray(start, start + size));
    at += 46 + nameBytes + extraBytes + commentBytes;
  }
  return files;
}
