/** Who may use a route of the console, by the role of the roster in force. */
import type { Request, RequestHandler } from "express";
import { PortalError } from "../../crypto/errors.ts";
import type { Role } from "../../crypto/roster.ts";
import type { Sessions } from "../app/sessions.ts";
import { authorization } from "./requests.ts";

/**
 * A check that throws PortalError "refused" unless a member with one of these roles asks. The charter
 * holder has none of them: giving somebody the role takes one signature that everybody sees.
 */
export function roleCheck(sessions: Sessions, roles: readonly Role[]): (req: Request) => void {
  return (req) => {
    const who = sessions.require(authorization(req, "Bearer", 32));
    if (who.is !== "member" || !who.member.roles.some((role) => roles.includes(role)))
      throw new PortalError("refused", `only ${roles.join(" or ")} may do this`);
  };
}

/** The same, in front of a route. */
export function requireRole(sessions: Sessions, roles: readonly Role[]): RequestHandler {
  const check = roleCheck(sessions, roles);
  return (req, _res, next) => {
    check(req);
    next();
  };
}
