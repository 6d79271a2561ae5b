import assert from "node:assert/strict";
import { test } from "node:test";
import { toLogical } from "../../server/build/logical-css.ts";

const rules: [what: string, css: string, logical: string][] = [
  ["margins", "a{margin-left:1px;margin-right:2px}", "a{margin-inline-start:1px;margin-inline-end:2px}"],
  ["places", "a{left:0;right:auto}", "a{inset-inline-start:0;inset-inline-end:auto}"],
  [
    "borders",
    "a{border-left:1px solid;border-right-color:red}",
    "a{border-inline-start:1px solid;border-inline-end-color:red}",
  ],
  ["text", "a{text-align:left}b{text-align:right!important}", "a{text-align:start}b{text-align:end!important}"],
  [
    "floats, for old browsers too",
    "a{float:left;clear:right}",
    "a{float:left;float:inline-start;clear:right;clear:inline-end}",
  ],
  ["other words with left in them", ".left:hover{--left:1px;transform:left}", ".left:hover{--left:1px;transform:left}"],
];
for (const [what, css, logical] of rules) test(`mirrors ${what}`, () => assert.equal(toLogical(css), logical));
