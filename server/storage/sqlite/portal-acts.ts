import type { Database } from "better-sqlite3";
import type { Invite, Portal, SignedRoster, Store } from "../../ports.ts";
import type { ActsOf } from "../acts.ts";

type PortalActs = Pick<
  ActsOf<Store>,
  | "findPortal"
  | "putPortal"
  | "findSetupSecretHash"
  | "putSetupSecretHash"
  | "listRosters"
  | "appendRoster"
  | "listInvites"
  | "findInvite"
  | "putInvite"
  | "deleteInvite"
  | "joinInvite"
>;

type InviteRow = Omit<Invite, "roles"> & { roles: string };

/** Who the portal is, who may work in it, and who is invited. */
export function preparePortalActs(db: Database): PortalActs {
  const findPortal = db.prepare<[], Portal>(
    "SELECT portal_id AS portalId, charter_key AS charterKey, office_key AS officeKey FROM portal",
  );
  const putPortal = db.prepare("INSERT OR REPLACE INTO portal VALUES (1, ?, ?, ?)");
  const findSecret = db.prepare<[], Uint8Array>("SELECT hash FROM setup_secret").pluck();
  const putSecret = db.prepare("INSERT OR REPLACE INTO setup_secret VALUES (1, ?)");
  const forgetSecret = db.prepare("DELETE FROM setup_secret");
  const listRosters = db.prepare<[], SignedRoster>("SELECT epoch, bytes, signature FROM rosters ORDER BY epoch");
  const newestEpoch = db.prepare<[], number | null>("SELECT max(epoch) FROM rosters").pluck();
  const addRoster = db.prepare("INSERT INTO rosters VALUES (?, ?, ?)");
  const invites = 'SELECT id, name, title, roles, joined AS "join" FROM invites';
  const listInvites = db.prepare<[], InviteRow>(`${invites} ORDER BY id`);
  const findInvite = db.prepare<[string], InviteRow>(`${invites} WHERE id = ?`);
  const addInvite = db.prepare("INSERT INTO invites VALUES (?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING");
  const deleteInvite = db.prepare("DELETE FROM invites WHERE id = ?");
  const joinInvite = db.prepare("UPDATE invites SET joined = ? WHERE id = ? AND joined IS NULL");

  return {
    findPortal: () => findPortal.get() ?? null,
    putPortal({ portalId, charterKey, officeKey }) {
      if (newestEpoch.get() !== null) return "refused";
      putPortal.run(portalId, charterKey, officeKey);
      return "stored";
    },
    findSetupSecretHash: () => findSecret.get() ?? null,
    putSetupSecretHash(hash) {
      if (hash === null) forgetSecret.run();
      else putSecret.run(hash);
    },
    listRosters: () => listRosters.all(),
    appendRoster({ epoch, bytes, signature }) {
      const newest = newestEpoch.get() ?? null;
      const follows = newest === null ? epoch === 0 || epoch === 1 : epoch === newest + 1;
      if (!follows) return "conflict";
      addRoster.run(epoch, bytes, signature);
      forgetSecret.run();
      return "stored";
    },
    listInvites: () => listInvites.all().map(inviteOf),
    findInvite(id) {
      const row = findInvite.get(id);
      return row === undefined ? null : inviteOf(row);
    },
    putInvite({ id, name, title, roles, join }) {
      const { changes } = addInvite.run(id, name, title, JSON.stringify(roles), join);
      return changes === 1 ? "stored" : "conflict";
    },
    deleteInvite(id) {
      deleteInvite.run(id);
    },
    joinInvite(id, join) {
      if (joinInvite.run(join, id).changes === 1) return "stored";
      return findInvite.get(id) === undefined ? "missing" : "conflict";
    },
  };
}

function inviteOf(row: InviteRow): Invite {
  return { ...row, roles: JSON.parse(row.roles) as string[] };
}
