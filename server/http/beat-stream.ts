/** One member's stream of beats: an answer that does not end until its session does. */
import type { Response } from "express";
import type { Beats, BeatStream } from "../app/beats.ts";

/** Bytes that may lie here for a reader who does not take them: several minutes of lines. */
const mostWaiting = 4096;

/** `holds`: whether the session still does. */
export function sendBeats(res: Response, beats: Beats, memberId: number, holds: () => boolean): void {
  res.type("text/plain");
  res.set("X-Accel-Buffering", "no"); // nginx would keep the lines until they fill a page
  if (res.req.method === "HEAD") {
    res.end();
    return;
  }
  const stream: BeatStream = {
    memberId,
    holds,
    write(line) {
      if (res.destroyed || res.writableLength > mostWaiting) return false;
      res.write(line);
      return true;
    },
    end() {
      // What a slow reader left lying would keep the connection open.
      if (res.writableLength === 0) res.end();
      else res.destroy();
    },
  };
  res.once("close", () => beats.forget(stream));
  res.flushHeaders();
  beats.open(stream);
}
