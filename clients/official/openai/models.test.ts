import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startVercelEmulator } from '../emulator.ts';
import { connect, MODEL } from './connect.ts';

describe('openai: models', () => {
  it('lists the whole catalogue on one page', async () => {
    await using emulator = await startVercelEmulator();
    const ids: string[] = [];
    for await (const model of connect(emulator).models.list()) {
      assert.equal(model.object, 'model');
      assert.ok(model.id.startsWith(`${model.owned_by}/`), `${model.id} by ${model.owned_by}`);
      ids.push(model.id);
    }
    assert.ok(ids.length > 200, `${ids.length} models`);
    assert.ok(ids.includes(MODEL));
    assert.equal(emulator.requests.length, 1);
  });

  it('gets one model, whose slash it escapes', async () => {
    await using emulator = await startVercelEmulator();
    const model = await connect(emulator).models.retrieve(MODEL);
    assert.equal(model.id, MODEL);
    assert.equal(emulator.requests[0]?.path, '/v1/models/openai%2Fgpt-4.1-nano');
  });
});
