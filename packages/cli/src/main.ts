#!/usr/bin/env node
import { fstatSync } from 'node:fs';
import process from 'node:process';
import { isatty } from 'node:tty';
import { run } from './cli.js';
import type { CliIo, InputKind } from './cli-io.js';

const stdinKind = (): InputKind => {
  if (isatty(0)) return 'terminal';
  try {
    // bigint, because plain stats share a buffer that realpathSync reads stale (nodejs/node, lib/fs.js): after a pipe was
    // looked at, symbolic links on the way to a package are no longer followed, and importing it fails.
    return fstatSync(0, { bigint: true }).isSocket() ? 'socket' : 'stream';
  } catch {
    return 'stream';
  }
};

const io: CliIo = {
  stdin: () => process.stdin,
  stdinKind,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  signals: process,
  exit: (code) => process.exit(code),
  clock: {
    now: () => performance.now(),
    epochMs: () => Date.now(),
    every: (periodMs, callback) => {
      const timer = setInterval(callback, periodMs).unref();
      return () => clearInterval(timer);
    },
    after: (delayMs, callback) => {
      const timer = setTimeout(callback, delayMs);
      return () => clearTimeout(timer);
    },
  },
};

// Not process.exit(): what is still being written to a pipe would be lost.
process.exitCode = await run(process.argv.slice(2), io);
