import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { cardCatalogue } from "../cards/catalogue.js";
import { cardGallery } from "./card-gallery.js";
import { withSections } from "./readme-sections.js";

const textOf = (name: string) => readFileSync(new URL(`../../${name}`, import.meta.url), "utf8");

it("CARDS.md shows the cards as they are, each of them", () => {
  const gallery = cardGallery();
  for (const { name } of cardCatalogue) expect(gallery).toContain(name);
  expect(textOf("CARDS.md")).toBe(gallery);
});

it("README.md tells rules, ends and refusals as they are", () => {
  const text = textOf("README.md");
  expect(withSections(text)).toBe(text);
  expect(() => withSections(text.replace("<!-- end of refusals -->", ""))).toThrow("no place for refusals");
});
