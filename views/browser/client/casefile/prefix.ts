/** What stands before the digits of a Bates number. Apart from what lays out pages: forms look at it as it is typed. */

/** File names and columns of load files are made of it. */
const shape = /^[A-Z][A-Z0-9-]{0,19}$/;

export const isPrefix = (text: string): boolean => shape.test(text);
