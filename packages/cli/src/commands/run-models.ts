import type { ModelInfo, ModelsOptions } from '@headrace/core';
import type { RunCommand } from '../command-context.js';
import type { CommandLine } from '../command-line.js';
import { checkGatewayOptions } from '../completion-settings.js';
import { EXIT } from '../exit-code.js';
import { jsonText } from '../json-text.js';
import { ModelsTable, modelsFooter } from '../models-table.js';
import { suggestion } from '../nearest-name.js';
import { progressFor } from '../progress.js';
import { reportFailure } from '../report-failure.js';
import { textTable } from '../text-table.js';
import { UsageError } from '../usage-error.js';
import { wrappedLines } from '../wrapped-text.js';

const question = (line: CommandLine, signal: AbortSignal): ModelsOptions => {
  const filter = line.value('filter');
  const provider = line.value('provider');
  return {
    ...(filter === undefined ? {} : { filter }),
    ...(provider === undefined ? {} : { provider }),
    refresh: line.has('refresh'),
    signal,
  };
};

/** @throws UsageError for a type that no model has, with the types there are. */
const ofType = (models: readonly ModelInfo[], all: readonly ModelInfo[], line: CommandLine): readonly ModelInfo[] => {
  const wanted = line.value('type')?.toLowerCase();
  if (wanted === undefined) return models;
  const types = [...new Set(all.map(({ type }) => type))].sort();
  if (!types.includes(wanted)) {
    throw new UsageError(
      `No model is of type ${JSON.stringify(wanted)}.${suggestion(wanted, types)}`,
      `The types are ${types.join(', ')}.`,
    );
  }
  return models.filter(({ type }) => type === wanted);
};

/** `headrace models`. */
export const runModels: RunCommand = async (context) => {
  const { io, line, stdout, stderr, paint, signal } = context;
  checkGatewayOptions(line);
  const progress = progressFor(stderr, io.clock, io.env, !line.has('refresh'));
  const connection = await context.connect({
    env: io.env,
    emulator: line.has('emulator'),
    baseUrl: line.value('base-url'),
    config: line.value('config'),
  });
  try {
    progress.start('asking the gateway for its models');
    const asked = question(line, signal);
    const found = await connection.gateway.models(asked);
    const all = line.has('type') && line.has('filter') ? await connection.gateway.models({ signal }) : found;
    const models = ofType(found, all, line);
    progress.erase();
    if (line.has('json')) {
      stdout.line(jsonText(models));
      return EXIT.ok;
    }
    if (models.length === 0) {
      stderr.line('headrace: no model matches; headrace models lists all');
      return EXIT.ok;
    }
    const list = new ModelsTable(models, io.clock.epochMs());
    const table = textTable(models, list.columns, stdout.columns);
    stdout.line(paint.out.bold(table.header));
    for (const row of table.rows) stdout.line(row);
    stdout.line();
    const notes = [...list.legend(table.shed), ...list.changes(io.clock.epochMs())];
    if (table.shed.length > 0) {
      notes.push(`left out for want of room: ${table.shed.join(', ')}; --json has everything`);
    }
    for (const note of notes) {
      for (const text of wrappedLines(note, stdout.columns)) stdout.line(paint.out.dim(text));
    }
    for (const text of wrappedLines(modelsFooter(models), stdout.columns)) stdout.line(text);
    return EXIT.ok;
  } catch (error) {
    progress.erase();
    return await reportFailure(error, { ...context, json: line.has('json'), verbose: line.has('verbose') });
  } finally {
    await connection.close();
  }
};
