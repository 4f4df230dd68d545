import type { Explanation } from '@headrace/core';
import type { CommandContext, RunCommand } from '../command-context.js';
import { completionRequest } from '../completion-request.js';
import { completionSettings } from '../completion-settings.js';
import type { Connection } from '../connect.js';
import { EXIT } from '../exit-code.js';
import { explanationColumns, explanationNotes, explanationRemarks } from '../explanation-table.js';
import { jsonText } from '../json-text.js';
import { readPrompt } from '../read-prompt.js';
import { readSchema } from '../read-schema.js';
import { reportFailure } from '../report-failure.js';
import { safeTerminalText } from '../safe-terminal-text.js';
import { textTable } from '../text-table.js';
import { wrappedLines } from '../wrapped-text.js';

const print = ({ stdout, paint }: CommandContext, explanation: Explanation): void => {
  const { targets, servable } = explanation;
  const put = (text: string, style: (line: string) => string = (line) => line): void => {
    for (const line of wrappedLines(safeTerminalText(text), stdout.columns)) stdout.line(style(line));
  };
  if (servable) {
    const table = textTable(targets, explanationColumns(explanation), stdout.columns);
    stdout.line(paint.out.bold(table.header));
    for (const row of table.rows) stdout.line(safeTerminalText(row));
    stdout.line();
  } else put('no target can serve this request');
  for (const remark of explanationRemarks(explanation)) put(remark);
  if (servable) for (const note of explanationNotes(explanation)) put(note, paint.out.dim);
};

/** `headrace explain`. */
export const runExplain: RunCommand = async (context) => {
  const { io, line, stdout, stderr, signal } = context;
  const settings = completionSettings(line, io.env);
  const schema =
    settings.schemaFile === undefined ? undefined : await readSchema(settings.schemaFile, line.typed('schema'));
  const prompt = await readPrompt(line.positionals, io, stderr, signal);
  let connection: Connection | undefined;
  try {
    connection = await context.connect({
      env: io.env,
      emulator: settings.emulator,
      baseUrl: settings.baseUrl,
      config: settings.config,
    });
    signal.throwIfAborted();
    const explanation = await connection.gateway.explain(completionRequest(settings, prompt, schema, signal));
    if (settings.json) stdout.line(jsonText(explanation));
    else print(context, explanation);
    return explanation.servable ? EXIT.ok : EXIT.usage;
  } catch (error) {
    return await reportFailure(error, { ...context, json: settings.json, verbose: settings.verbose });
  } finally {
    await connection?.close();
  }
};
