/** Apart from what lays text out, so that a page which only redacts texts does not load that. */

/** In a text of its own block: shows nothing, and whoever writes the document hears on which page it came to stand. */
export const placeMark = "\u2063";
