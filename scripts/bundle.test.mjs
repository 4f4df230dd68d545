import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from './workspace.mjs';

const dist = join(root, 'packages/core/dist');
const chunks = readdirSync(dist).filter((file) => file.endsWith('.js'));
const code = chunks.map((file) => readFileSync(join(dist, file), 'utf8')).join('\n');

/** @param {RegExp} pattern with one group */
const found = (pattern) => [...new Set([...code.matchAll(pattern)].map(([, name = '']) => name))].sort();

// The host's own zod, beside the parts of it in core.
const { z } = await import(join(root, 'packages/core/node_modules/zod/index.js'));
const { createGateway } = await import(join(dist, 'index.js'));
const { modelFactsSchema } = await import(join(dist, 'plugin.js'));
const { end, scriptedProvider, text } = await import(join(root, 'packages/testing/dist/index.js'));

describe('what core is bundled to', () => {
  it('reads no file of another package', () => {
    const imported = found(/^(?:import|export|\}).* ?"([^".][^"]*)";$/gm);
    expect(imported).toContain('node:crypto');
    expect(imported.filter((name) => !name.startsWith('node:'))).toEqual([]);
  });

  it('holds the messages of zod in English alone', () => {
    expect(found(/\/zod\/v4\/locales\/([\w-]+)\.js$/gm)).toEqual(['en']);
  });

  it('brings the licence of every package that it holds', () => {
    const licences = readFileSync(join(dist, 'THIRD-PARTY-LICENSES.txt'), 'utf8');
    const packages = found(/^\/\/ .*\/node_modules\/((?:@[\w-]+\/)?[\w.-]+)\/.*\.js$/gm);
    expect(packages).toContain('zod');
    expect(packages.filter((name) => !licences.includes(`${name} `))).toEqual([]);
  });

  it('has one file for what its entries share, and one for what modules that are loaded later do', () => {
    const late = chunks.filter((file) => file.startsWith('shared-'));
    const imported = late.flatMap((file) =>
      [...readFileSync(join(dist, file), 'utf8').matchAll(/^(?:import|\}).* ?"\.\/([^"]+)";$/gm)].map(
        ([, name]) => name,
      ),
    );
    expect(new Set(imported).size).toBe(2);
  });

  it('works inside schemas of another copy of zod', () => {
    const schema = z.strictObject({ models: z.record(z.string(), modelFactsSchema()) });
    expect(schema.parse({ models: { small: { contextWindow: 8 } } })).toEqual({
      models: { small: { contextWindow: 8 } },
    });
    const { error } = schema.safeParse({ models: { small: { contextWindow: 0 } } });
    expect(error.issues).toMatchObject([{ code: 'too_small', path: ['models', 'small', 'contextWindow'] }]);
    expect(z.toJSONSchema(schema, { io: 'input' })).toMatchObject({
      properties: { models: { additionalProperties: { properties: { contextWindow: { type: 'integer' } } } } },
    });
  });

  it('takes schemas of another copy of zod', async () => {
    const provider = scriptedProvider([
      [text('{"height":2}'), end()],
      [text('{"height":-2}'), end()],
    ]);
    const gateway = createGateway({ providers: [provider], retry: { maxAttempts: 1 } });
    const request = { model: 'scripted:any', prompt: 'How high?', output: z.strictObject({ height: z.int().min(0) }) };
    expect((await gateway.complete(request)).output).toEqual({ height: 2 });
    await expect(gateway.complete(request)).rejects.toThrow('height: Too small: expected number to be >=0');
    await gateway.dispose();
  });
});
