/** One strict set of headers for each app. No cookies, no third party, nothing to cache. */
import helmet from "helmet";
import type { RequestHandler, Response } from "express";
import type { Site } from "./pages.ts";

/** Every powerful feature that Chromium knows by name and the pages do not use. */
const deniedFeatures = [
  "accelerometer",
  "autoplay",
  "browsing-topics",
  "camera",
  "display-capture",
  "encrypted-media",
  "fullscreen",
  "gamepad",
  "geolocation",
  "gyroscope",
  "hid",
  "idle-detection",
  "keyboard-map",
  "local-fonts",
  "magnetometer",
  "midi",
  "otp-credentials",
  "payment",
  "picture-in-picture",
  "screen-wake-lock",
  "serial",
  "storage-access",
  "usb",
  "window-management",
  "xr-spatial-tracking",
];

/**
 * A reporter page may ask for the microphone, and does when "Start recording" is pressed, and copies
 * the receipt code; the console copies, and unlocks with a passkey.
 */
const ownFeatures = {
  reporter: ["clipboard-write", "microphone"],
  console: ["clipboard-write", "publickey-credentials-create", "publickey-credentials-get"],
};

const closedFeatures = {
  reporter: ["publickey-credentials-create", "publickey-credentials-get", "clipboard-read"],
  console: ["clipboard-read", "microphone"],
};

function permissionsPolicy(name: Site["name"]): string {
  return [
    ...[...deniedFeatures, ...closedFeatures[name]].sort().map((feature) => `${feature}=()`),
    ...ownFeatures[name].map((feature) => `${feature}=(self)`),
  ].join(", ");
}

/** lit-html makes its own policy for its static templates; reporter pages have no templates in scripts. */
const trustedTypes = { reporter: ["tellhaven"], console: ["tellhaven", "lit-html"] };

/** `origin` decides about HSTS: a browser that remembers it for http://localhost could not come back. */
export function securityHeaders(name: Site["name"], origin: string): RequestHandler[] {
  const https = origin.startsWith("https:");
  const policy = permissionsPolicy(name);
  return [
    helmet({
      contentSecurityPolicy: {
        useDefaults: false,
        directives: {
          defaultSrc: ["'none'"],
          // libsodium is WebAssembly; nothing else may be compiled from strings.
          scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
          workerSrc: ["'self'"],
          styleSrc: ["'self'"],
          // The console shows an operator the logo that was just chosen, before it is saved.
          imgSrc: name === "console" ? ["'self'", "blob:"] : ["'self'"],
          connectSrc: ["'self'"],
          // What reporters sent is looked at in /preview.
          ...(name === "console" ? { frameSrc: ["'self'"] } : {}),
          // To listen to a recording before it is added: a page's own bytes, nothing that is fetched.
          ...(name === "reporter" ? { mediaSrc: ["blob:"] } : {}),
          formAction: ["'self'"],
          baseUri: ["'none'"],
          frameAncestors: ["'none'"],
          requireTrustedTypesFor: ["'script'"],
          trustedTypes: trustedTypes[name],
        },
      },
      crossOriginEmbedderPolicy: { policy: "require-corp" },
      crossOriginOpenerPolicy: { policy: "same-origin" },
      crossOriginResourcePolicy: { policy: "same-origin" },
      referrerPolicy: { policy: "no-referrer" },
      strictTransportSecurity: https ? { maxAge: 2 * 365 * 24 * 3600, includeSubDomains: false } : false,
      xDnsPrefetchControl: { allow: false },
      xFrameOptions: { action: "deny" },
      xPermittedCrossDomainPolicies: { permittedPolicies: "none" },
    }),
    (_req, res, next) => {
      res.set("Permissions-Policy", policy);
      // The default for everything; assets alone relax it to "no-cache".
      res.set("Cache-Control", "no-store");
      next();
    },
  ];
}

/**
 * Built files may be kept but are asked for again each time: no version ever mixes with another. Fonts have their
 * hash in their name and are megabytes.
 */
export function assetHeaders(res: Response, path = ""): void {
  res.set("Cache-Control", path.endsWith(".woff") ? "public, max-age=31536000, immutable" : "no-cache");
}

/** For the page in which the console shows files: pictures and sound that its script hands in, and nothing that runs. */
const previewPolicy = [
  "default-src 'none'",
  "img-src blob:",
  "media-src blob:",
  "style-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'self'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
  // Same origin, so that the console's script may fill it; without allow-scripts, whatever is in it.
  "sandbox allow-same-origin",
].join(";");

/** Instead of the app's own: this one page may stand in a frame, of ours. */
export function previewHeaders(res: Response): void {
  res.set("Content-Security-Policy", previewPolicy);
  res.set("X-Frame-Options", "SAMEORIGIN");
}
