/** A member who looks at files in the console, and what the test sees of it. */
import type { Browser, FrameLocator, Locator, Page } from "playwright-core";
import { exif } from "./hostile-files.ts";

/** The row of one file in the case. */
export const rowOf = (page: Page, name: string): Locator =>
  page.locator(".th-file").filter({ has: page.locator(".th-file__name", { hasText: name }) });

export const frameOf = (page: Page): FrameLocator => page.frameLocator(".th-preview__frame");
export const statusOf = (page: Page): Promise<string> => page.locator(".th-preview__status").innerText();

/** The warnings beside a file, by their keys. */
export const warningsOf = (page: Page, name: string): Promise<string[]> =>
  rowOf(page, name)
    .locator("[data-warning]")
    .evaluateAll((items) => items.map((item) => item.getAttribute("data-warning") ?? ""));

/** Presses "Look at it here" and waits until there is something to see, or words why not. */
export async function look(page: Page, name: string): Promise<FrameLocator> {
  await rowOf(page, name).getByRole("button", { name: "Look at it here" }).click();
  await page.locator(".th-preview .th-job").waitFor({ state: "detached" });
  return frameOf(page);
}

export async function closePreview(page: Page): Promise<void> {
  await page.locator(".th-preview").getByRole("button", { name: "Close" }).click();
  await page.locator(".th-preview").waitFor({ state: "detached" });
}

interface Kept {
  /** By the address that the page got for it. */
  blobs: Map<string, Blob>;
  /** Addresses that still lead to something. */
  alive: Set<string>;
}

/** Keeps every blob that the page gives an address, so that the test can read what reached the frame. */
export async function keepBlobs(page: Page): Promise<void> {
  await page.evaluate(() => {
    const kept: Kept = { blobs: new Map(), alive: new Set() };
    Object.assign(window, { kept });
    const [make, revoke] = [URL.createObjectURL, URL.revokeObjectURL];
    URL.createObjectURL = (blob: Blob) => {
      const url = make.call(URL, blob);
      kept.blobs.set(url, blob);
      kept.alive.add(url);
      return url;
    };
    URL.revokeObjectURL = (url: string) => {
      kept.alive.delete(url);
      revoke.call(URL, url);
    };
  });
}

export const addressesAlive = (page: Page): Promise<number> =>
  page.evaluate(() => (window as unknown as { kept: Kept }).kept.alive.size);

export interface SeenPicture {
  /** The file that the frame's <img> shows. */
  bytes: Buffer;
  type: string;
  width: number;
  height: number;
  /** Red, green, blue near the first and the last corner. */
  first: number[];
  last: number[];
}

/** What the picture in the frame is. Call keepBlobs before it is made. */
export async function pictureIn(page: Page): Promise<SeenPicture> {
  await frameOf(page).locator("img").waitFor();
  const seen = await page.evaluate(async () => {
    const frame = document.querySelector<HTMLIFrameElement>(".th-preview__frame")!;
    const picture = frame.contentDocument!.querySelector("img")!;
    const blob = (window as unknown as { kept: Kept }).kept.blobs.get(picture.src)!;
    const decoded = await createImageBitmap(blob);
    const { width, height } = decoded;
    const context = new OffscreenCanvas(width, height).getContext("2d")!;
    context.drawImage(decoded, 0, 0);
    const at = (x: number, y: number): number[] => [...context.getImageData(x, y, 1, 1).data].slice(0, 3);
    const bytes = [...new Uint8Array(await blob.arrayBuffer())];
    return { bytes, type: blob.type, width, height, first: at(2, 2), last: at(width - 3, height - 3) };
  });
  return { ...seen, bytes: Buffer.from(seen.bytes) };
}

/** A JPEG that the browser made: red on the left, blue on the right, and an EXIF that lays it on its side. */
export async function turnedJpeg(browser: Browser): Promise<Buffer> {
  const page = await browser.newPage();
  const bytes = await page.evaluate(async () => {
    const canvas = new OffscreenCanvas(80, 40);
    const context = canvas.getContext("2d")!;
    for (const [i, colour] of ["red", "blue"].entries()) {
      context.fillStyle = colour;
      context.fillRect(i * 40, 0, 40, 40);
    }
    const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: 0.95 });
    return [...new Uint8Array(await blob.arrayBuffer())];
  });
  await page.close();
  const plain = Buffer.from(bytes);
  return Buffer.concat([plain.subarray(0, 2), exif(6, "PlantMake"), plain.subarray(2)]);
}

/** A second of green and white, 64 by 48, VP8. */
export async function shortFilm(browser: Browser): Promise<Buffer> {
  const page = await browser.newPage();
  const bytes = await page.evaluate(async () => {
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width: 64, height: 48 });
    const context = canvas.getContext("2d")!;
    const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: "video/webm;codecs=vp8" });
    const parts: Blob[] = [];
    recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
    const stopped = new Promise((resolve) => recorder.addEventListener("stop", resolve));
    recorder.start();
    for (let i = 0; i < 20; i++) {
      context.fillStyle = i % 2 === 0 ? "green" : "white";
      context.fillRect(0, 0, 64, 48);
      await new Promise((resolve) => setTimeout(resolve, 40));
    }
    recorder.stop();
    await stopped;
    return [...new Uint8Array(await new Blob(parts).arrayBuffer())];
  });
  await page.close();
  return Buffer.from(bytes);
}
