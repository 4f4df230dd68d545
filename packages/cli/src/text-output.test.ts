import { describe, expect, it } from '@jest/globals';
import { Captured } from './__fixtures__/fake-io.js';
import { TextOutput } from './text-output.js';

const never = new AbortController().signal;

describe('a standard stream', () => {
  it('says when its reader has fallen behind, and when it has caught up', async () => {
    let catchUp = (): void => {};
    const stream = new Captured(false, undefined, (_text, done) => void (catchUp = done), 4);
    const output = new TextOutput(stream, () => {});
    expect(output.put('long text')).toBe(false);
    let ready = false;
    const waiting = output.ready(never).then(() => void (ready = true));
    await new Promise(setImmediate);
    expect(ready).toBe(false);
    catchUp();
    await waiting;
    expect(ready).toBe(true);
  });

  it('stops waiting for a slow reader when the command is stopped', async () => {
    const output = new TextOutput(new Captured(false, undefined, () => {}, 1), () => {});
    output.put('long text');
    const stop = new AbortController();
    const waiting = output.ready(stop.signal);
    const reason = new Error('stopped');
    stop.abort(reason);
    await expect(waiting).rejects.toBe(reason);
  });

  it('tells once that its reader is gone, and writes no more', async () => {
    const gone = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
    const stream = new Captured(false, undefined, (_text, done) => done(gone));
    const told: Error[] = [];
    const output = new TextOutput(stream, (error) => told.push(error));
    output.put('a');
    await output.flush(never);
    expect(told).toEqual([gone]);
    expect(output.put('b')).toBe(true);
    await output.ready(never);
    await output.flush(never);
    expect(stream.text).toBe('a');
  });

  it('knows columns of a terminal only', () => {
    expect(new TextOutput(new Captured(true, 100), () => {}).columns).toBe(100);
    expect(new TextOutput(new Captured(false, 100), () => {}).columns).toBeUndefined();
  });
});
