// The examples of README.md. Those of packages/ai-sdk need a newer Node, and run beside the official clients.
import process from 'node:process';
import { runExamples } from './readme-examples.mjs';

await runExamples('README.md').catch((error) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
