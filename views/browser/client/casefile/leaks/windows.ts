/** A stream of bytes in pieces that lie over each other, so that nothing is torn where one ends. */
const size = 1 << 20;
const small = 1 << 14;
const overlap = 1 << 16;

export interface Window {
  bytes: Uint8Array;
  /** Bytes before it; always an even number. */
  offset: number;
  /** Line ends before it. */
  lines: number;
  first: boolean;
  last: boolean;
}

/** Takes memory for one window, however long the stream is. */
export async function* windowsOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Window> {
  let room = new Uint8Array(small);
  let [filled, offset, lines] = [0, 0, 0];
  const window = (last: boolean): Window => ({
    bytes: room.slice(0, filled),
    offset,
    lines,
    first: offset === 0,
    last,
  });
  for await (const chunk of chunks)
    for (let at = 0; at < chunk.length;) {
      if (filled === room.length && filled < size + overlap) {
        // Archives may hold thousands of files, and most are small.
        const more = new Uint8Array(Math.min(size + overlap, filled * 8));
        more.set(room);
        room = more;
      } else if (filled === room.length) {
        yield window(false);
        for (let i = 0; i < size; i++) if (room[i] === 10) lines++;
        room.copyWithin(0, size);
        filled = overlap;
        offset += size;
      }
      const part = chunk.subarray(at, at + room.length - filled);
      room.set(part, filled);
      filled += part.length;
      at += part.length;
    }
  yield window(true);
}

/** The first bytes of a stream, and the whole stream again. */
export async function peek(
  chunks: AsyncIterable<Uint8Array>,
  wanted: number,
): Promise<{ head: Uint8Array; all: AsyncIterable<Uint8Array> }> {
  const iterator = chunks[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let held = 0;
  while (held < wanted) {
    const { done, value } = await iterator.next();
    if (done === true) break;
    first.push(value);
    held += value.length;
  }
  async function* all(): AsyncGenerator<Uint8Array> {
    try {
      yield* first;
      for (;;) {
        const { done, value } = await iterator.next();
        if (done === true) return;
        yield value;
      }
    } finally {
      await iterator.return?.();
    }
  }
  return { head: joinUpTo(first, wanted), all: all() };
}

function joinUpTo(parts: readonly Uint8Array[], most: number): Uint8Array {
  const joined = new Uint8Array(
    Math.min(
      most,
      parts.reduce((sum, { length }) => sum + length, 0),
    ),
  );
  let at = 0;
  for (const part of parts) {
    if (at >= joined.length) break;
    const fitting = part.subarray(0, joined.length - at);
    joined.set(fitting, at);
    at += fitting.length;
  }
  return joined;
}

export async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
