/** What we use of linebreak, which comes without types. */
declare module "linebreak" {
  class LineBreaker {
    constructor(text: string);
    /** `position`: index behind which the line may (or must) end; null after the last. */
    nextBreak(): { position: number; required: boolean } | null;
  }
  export { LineBreaker as default };
}
