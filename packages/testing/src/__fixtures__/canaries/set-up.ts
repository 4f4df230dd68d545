// Every test file runs under this: a canary that comes out in an error, a log, a receipt, an event, JSON or a file fails
// the test that let it out, even where the code under test swallowed it.
import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { hookThisFile } from './file-hooks.js';
import { hookFileHandles, watchOfThisFile } from './process-hooks.js';

const watch = watchOfThisFile();
hookThisFile(watch);

beforeAll(async () => {
  // Not sooner: by now most test files have loaded it, and the others load little with it.
  const { hookCalls } = await import('./call-hooks.js');
  hookCalls(watch);
  await hookFileHandles();
});

afterEach(() => watch.assertNone());
afterAll(() => watch.assertNone());
