/**
 * Bounds on what strangers can have the server hold in memory: bodies that come slowly, and
 * answers that nobody takes. What is small is not counted: ordinary reports and conversations
 * go through while somebody fills the room for large ones.
 */
import type { Application, Request, RequestHandler, Response } from "express";
import { PortalError } from "../../crypto/errors.ts";

const MiB = 1024 * 1024;
/** Of large bodies together, and of large answers together, in each app. */
const roomBytes = 256 * MiB;
/** Smaller ones are bounded by the rate limits and the time that each may take. */
const smallBytes = 64 * 1024;
const smallBodyMs = 2 * 60_000;
const largeBodyMs = 5 * 60_000;
/** An answer of which nothing was taken for so long is given up; Node looks twice, so after up to double this. */
const idleAnswerMs = 15_000;

/** Room that is taken and given back; never more than its size at once. */
class Room {
  #free: number;

  constructor(bytes = roomBytes) {
    this.#free = bytes;
  }

  /** Holds room until the answer is out or the connection gone. @throws PortalError "busy" */
  hold(res: Response, bytes: number): void {
    if (bytes > this.#free) throw new PortalError("busy", "too much is in memory");
    if (res.destroyed) throw new PortalError("busy", "the connection is gone");
    this.#free -= bytes;
    res.once("close", () => {
      this.#free += bytes;
    });
  }
}

interface Rooms {
  bodies: Room;
  answers: Room;
}

/** Each app has its own: strangers on the reporter's side take nothing from the console. */
const roomsByApp = new WeakMap<Application, Rooms>();

function roomsOf(app: Application): Rooms {
  const known = roomsByApp.get(app);
  if (known !== undefined) return known;
  const rooms = { bodies: new Room(), answers: new Room() };
  roomsByApp.set(app, rooms);
  return rooms;
}

/** For acts that build an answer in memory: to be called with its size before it is read. */
export function answerRoom(req: Request, res: Response): (bytes: number) => void {
  return (bytes) => {
    if (bytes <= smallBytes) return;
    // Envelopes, the answer, and the answer with its padding, which may double it.
    roomsOf(req.app).answers.hold(res, 4 * bytes);
    res.setTimeout(idleAnswerMs, () => res.destroy());
  };
}

/** Holds room for a body that `parse` keeps whole, and ends who never finishes sending. */
export function inRoom(limit: number, parse: RequestHandler): RequestHandler {
  return (req, res, next) => {
    const announced = announcedBytes(req, limit);
    if (announced > smallBytes) roomsOf(req.app).bodies.hold(res, announced);
    const timer = setTimeout(() => req.destroy(), announced > smallBytes ? largeBodyMs : smallBodyMs);
    timer.unref();
    const stop = (): void => clearTimeout(timer);
    req.once("end", stop);
    res.once("close", stop);
    return parse(req, res, next);
  };
}

/** Without a length it may become as large as is allowed; beyond that the parser refuses it unread. */
function announcedBytes(req: Request, limit: number): number {
  const length = req.get("content-length");
  if (length === undefined) return req.get("transfer-encoding") === undefined ? 0 : limit;
  return Math.min(Number(length), limit);
}
