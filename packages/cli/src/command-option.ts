/** One option of a command, as help prints it and the parser reads it. */
export interface CommandOption {
  /** Long name without dashes. */
  readonly name: string;
  /** One letter. */
  readonly short?: string;
  /** Another long name for the same. */
  readonly alias?: string;
  /** What the value is called in help, such as `SECONDS`. Absent: a switch without value. */
  readonly value?: string;
  /** May be given several times. Default false: the last one counts. */
  readonly repeatable?: boolean;
  readonly summary: string;
}

export const HELP_OPTION: CommandOption = { name: 'help', short: 'h', summary: 'print this help' };

/** Where the gateway comes from. */
export const GATEWAY_OPTIONS: readonly CommandOption[] = [
  { name: 'config', short: 'c', value: 'FILE', summary: 'the gateway of this file, such as headrace.config.yaml' },
  { name: 'base-url', value: 'URL', summary: 'where the gateway is, such as http://127.0.0.1:4000/v1' },
  { name: 'emulator', summary: 'use the built-in emulator: no key, no network, no cost' },
];
