/** The built files, packed once when they are built. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import express, { type RequestHandler } from "express";
import { assetHeaders } from "./headers.ts";
import { chooseEncoding } from "./packing.ts";

const publicDir = join(import.meta.dirname, "../../views/public");
const types: Record<string, string> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  json: "application/json",
  wasm: "application/wasm",
};

/** Files carry no ETag and no date: both can mark a visitor. */
const options: Parameters<typeof express.static>[1] = {
  etag: false,
  lastModified: false,
  cacheControl: false,
  dotfiles: "ignore",
  index: false,
  redirect: false,
  setHeaders: assetHeaders,
};

function listCompressed(folder: string): Set<string> {
  try {
    return new Set(readdirSync(folder).filter((name) => name.endsWith(".gz") || name.endsWith(".br")));
  } catch {
    return new Set(); // not built yet: pages still say what they have to say, without their looks
  }
}

/** The handlers of /assets: views/public/built, then the images that are in the repository. */
export function assets(): RequestHandler[] {
  const built = join(publicDir, "built");
  const compressed = listCompressed(built);
  return [
    (req, res, next) => {
      const [, name, extension] = req.path.match(/^\/([\w.-]+\.(js|css|json|wasm))$/) ?? [];
      if (name !== undefined && extension !== undefined && compressed.has(`${name}.gz`)) {
        res.vary("Accept-Encoding");
        const encoding = chooseEncoding(req);
        if (encoding !== null) {
          req.url = `/${name}.${encoding === "br" ? "br" : "gz"}`;
          res.set("Content-Encoding", encoding);
          res.set("Content-Type", types[extension] ?? "application/octet-stream");
        }
      }
      next();
    },
    express.static(built, options),
    express.static(join(publicDir, "images"), options),
  ];
}
