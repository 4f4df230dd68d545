import { describe, expect, it } from '@jest/globals';
import { ask, dataLines, post } from './__fixtures__/emulator-client.js';
import { startVercelEmulator } from './start-vercel-emulator.js';

const stream = ask('Hello', { stream: true });

describe('scripted faults', () => {
  it('come in the order of the script, each for as many requests as it says', async () => {
    await using emulator = await startVercelEmulator({ faults: [{ kind: 'status', status: 500, times: 2 }] });
    emulator.script({ kind: 'status', status: 429 });
    const statuses: number[] = [];
    for (let count = 0; count < 4; count += 1) statuses.push((await post(emulator, stream)).status);
    expect(statuses).toEqual([500, 500, 429, 200]);
  });

  it('leave requests to other paths alone, unless told otherwise', async () => {
    await using emulator = await startVercelEmulator({
      faults: [
        { kind: 'status', status: 500 },
        { kind: 'status', status: 503, path: '/v1/models' },
      ],
    });
    expect((await fetch(`${emulator.baseUrl}/models`)).status).toBe(503);
    expect((await fetch(`${emulator.baseUrl}/models`)).status).toBe(200);
    expect((await post(emulator, stream)).status).toBe(500);
  });

  it('can be asked for by the request, which leaves the script to others', async () => {
    await using emulator = await startVercelEmulator({ faults: [{ kind: 'status', status: 500 }] });
    const asked = await post(emulator, stream, { headers: { 'x-emulator-fault': '{"kind":"cut","afterFrames":1}' } });
    expect(dataLines(await asked.text())).toHaveLength(1);
    expect(emulator.requests[0]?.faults).toEqual([{ kind: 'cut', afterFrames: 1 }]);
    expect((await post(emulator, stream)).status).toBe(500);
    const wrong = await post(emulator, stream, { headers: { 'x-emulator-fault': 'explode' } });
    expect([wrong.status, await wrong.json()]).toMatchObject([400, { error: { param: 'x-emulator-fault' } }]);
  });
});
