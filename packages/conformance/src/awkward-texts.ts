/** JSON texts that adapters like to change, each with what is special about it. */
export const awkwardTexts: readonly (readonly [name: string, text: string])[] = [
  ["empty lists and objects", '{"list":[],"object":{},"nested":[[],{}]}'],
  ["numbers that lose digits", '{"big":9007199254740993,"small":1e-7,"exact":1.10,"minus":-0}'],
  ["keys twice and in no order", '{"b":1,"a":2,"b":3}'],
  ["white space", ' {\n\t"a" : [ 1 , 2 ]\r\n} '],
  ["characters outside the plane", '{"text":"🂡🃏 żółć 漢字 \u{10FFFF}"}'],
  ["escapes", '{"text":"\\u0000 \\ud83c\\udca1 \\/ \\" \\\\ \\n"}'],
  ["combining and bidirectional marks", '{"text":"e\u0301 \u202Eabc\u202C \u200B \u2028 \uFEFF"}'],
  ["what looks like SQL, Lua or a format", `{"text":"'; DROP TABLE x; -- $1 %s {0} \\\\ ]]"}`],
  ["no object", '"only a text"'],
  ["nothing", "null"],
];

/** A state as text of at least so many bytes, that does not repeat itself. */
export function bigState(bytes: number): string {
  const cards: string[] = [];
  for (let length = 0, n = 0; length < bytes; n++) {
    const card = `{"card":${n},"name":"żółw ${(n * 2_654_435_761) % 4_294_967_296}"}`;
    cards.push(card);
    length += card.length + 1;
  }
  return `{"cards":[${cards.join(",")}]}`;
}
