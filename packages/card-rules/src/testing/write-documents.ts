import { readFileSync, writeFileSync } from "node:fs";
import { cardGallery } from "./card-gallery.js";
import { withSections } from "./readme-sections.js";

const cards = new URL("../../CARDS.md", import.meta.url);
const readme = new URL("../../README.md", import.meta.url);

writeFileSync(cards, cardGallery());
writeFileSync(readme, withSections(readFileSync(readme, "utf8")));
