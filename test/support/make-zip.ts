/** ZIPs as nobody should send them. APPNOTE.TXT §4.3. */
import { crc32 } from "node:zlib";

/** Bytes of a ZIP of stored entries; each part can be told to lie. */
export function zipOf(
  entries: readonly {
    name: string;
    bytes?: string | Uint8Array;
    local?: string;
    method?: number;
    mode?: number;
    extra?: Uint8Array;
    localExtra?: Uint8Array;
    comment?: string;
  }[],
): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  const none = new Uint8Array();
  for (const entry of entries) {
    const { name, bytes = "", local = name, method = 0, mode = 0o100_644 } = entry;
    const { extra = none, localExtra = none, comment = "" } = entry;
    const head = Buffer.alloc(30);
    head.writeUInt32LE(0x04034b50, 0);
    head.writeUInt16LE(method, 8);
    head.writeUInt32LE(crc32(bytes), 14);
    head.writeUInt32LE(bytes.length, 18);
    head.writeUInt32LE(bytes.length, 22);
    head.writeUInt16LE(Buffer.byteLength(local), 26);
    head.writeUInt16LE(localExtra.length, 28);
    const central = Buffer.alloc(46);
    central.writeUInt32LE(0x02014b50, 0);
    central.writeUInt8(3, 5);
    central.writeUInt32LE(crc32(bytes), 16);
    central.writeUInt16LE(method, 10);
    central.writeUInt32LE(bytes.length, 20);
    central.writeUInt32LE(bytes.length, 24);
    central.writeUInt16LE(Buffer.byteLength(name), 28);
    central.writeUInt16LE(extra.length, 30);
    central.writeUInt16LE(comment.length, 32);
    central.writeUInt16LE(mode, 40);
    central.writeUInt32LE(at, 42);
    parts.push(head, Buffer.from(local), localExtra as Buffer, Buffer.from(bytes));
    directory.push(central, Buffer.from(name), extra as Buffer, Buffer.from(comment));
    at += 30 + Buffer.byteLength(local) + localExtra.length + bytes.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, ...directory, end]);
}
