import { writeFile } from 'node:fs/promises';
import { describe, it } from 'node:test';
import { conformanceText, describeProvider, openAiChatDialect } from '@headrace/testing';
import { PlainProvider } from './plain-provider.mjs';

const [path] = process.argv.slice(2);
const { inBandError: _inBandError, ...dialect } = openAiChatDialect;

describeProvider(
  { describe, it },
  {
    name: 'plain',
    create: (target) => new PlainProvider(target),
    dialect,
    except: { 'follows no redirect': 'to be shown' },
    patienceMs: 200,
    report: async (report) => {
      await writeFile(`${path}.json`, JSON.stringify(report));
      await writeFile(`${path}.txt`, conformanceText(report));
    },
  },
);
