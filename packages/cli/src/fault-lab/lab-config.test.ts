import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { checkLabConfig } from './check-lab-config.js';
import { DEFAULT_LAB_CONFIG } from './lab-config.js';

describe('the configuration of the lab in docs/fault-lab.md', () => {
  it('is the one that is played against without a file, and a file of it is the same', async () => {
    const docs = await readFile(new URL('../../../../docs/fault-lab.md', import.meta.url), 'utf8');
    const [, section = ''] = docs.split('\n## Without a file\n');
    const [, block = ''] = /```json\n([\s\S]*?)```/.exec(section) ?? [];
    expect(await checkLabConfig(JSON.parse(block))).toEqual(DEFAULT_LAB_CONFIG);
  });
});
