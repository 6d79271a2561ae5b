/** What a person did wrong, or what they have is not: in words that say what to do. Anything else thrown is our fault. */
export class Mistake extends Error {}
