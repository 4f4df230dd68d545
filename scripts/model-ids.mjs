// Writes the ids of Vercel AI Gateway's models as types, for completion in editors: `node scripts/model-ids.mjs` after
// the data has changed. scripts/model-ids.test.mjs fails until then.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { readJson, root } from './workspace.mjs';

const folder = join(root, 'packages', 'provider-vercel');
export const modelIdsFile = join(folder, 'src', 'model-ids.ts');

const WIDTH = 120;

/** @param {readonly string[]} ids */
const unionOf = (ids) => {
  /** @type {string[]} */
  const lines = [];
  for (const id of ids) {
    const member = `| '${id}'`;
    const last = lines.at(-1);
    if (last === undefined || last.length + member.length + 1 > WIDTH - 2) lines.push(`    ${member}`);
    else lines[lines.length - 1] = `${last} ${member}`;
  }
  return lines.join('\n');
};

/** What the file must hold. */
export const modelIdsSource = () => {
  /** @type {{ models: readonly { id: string, type: string }[] }} */
  const { models } = readJson(join(folder, 'data', 'vercel-models.json'));
  const types = [...new Set(models.map(({ type }) => type))].sort();
  const members = types.map((type) => {
    const ids = models.flatMap((model) => (model.type === type ? [model.id] : [])).sort();
    const strange = ids.find((id) => !/^[\w./:@-]+$/.test(id));
    if (strange !== undefined) throw new Error(`not an id to write into a type: ${JSON.stringify(strange)}`);
    return `  ${type}:\n${unionOf(ids)};\n`;
  });
  return `// Made by scripts/model-ids.mjs from data/vercel-models.json; do not edit.

/** Ids of the models that the shipped catalogue knows, by type of model. */
export interface VercelModelIds {
${members.join('')}}
`;
};

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(modelIdsFile, modelIdsSource());
