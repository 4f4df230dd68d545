import { ConfigurationError, GatewayError, type InputIssue } from '@headrace/core';

/** A place in a file: both count from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** One thing wrong with a configuration; with its place where it comes from YAML or JSON. */
export interface ConfigIssue extends InputIssue {
  readonly place?: Place;
}

const told = ({ field, place, ...rest }: ConfigIssue): InputIssue => ({
  ...rest,
  field: place === undefined ? field : `line ${place.line}:${place.column}, ${field}`,
});

/** A configuration is wrong. Names every fault at once, and never a value: secrets are among them. */
export class ConfigFileError extends ConfigurationError {
  override readonly issues: readonly ConfigIssue[];

  /** @param source the file, or what else the configuration came from */
  constructor(
    readonly source: string,
    issues: readonly ConfigIssue[],
    options?: { readonly cause?: unknown },
  ) {
    super(source, issues.map(told), options);
    this.issues = issues;
  }
}

/** A plugin could not be loaded, or threw, hung or gave nonsense while it was. */
export class PluginFailedError extends GatewayError {
  readonly code = 'plugin-failed';
  readonly failureClass = 'caller';

  /**
   * @param provider the id under which the configuration has it
   * @param plugin package or file, as the configuration names it
   * @param fault what happened, as the rest of a sentence, and what can be done
   */
  constructor(
    readonly provider: string,
    readonly plugin: string,
    readonly fault: string,
    options?: { readonly cause?: unknown },
  ) {
    super(`The plugin "${plugin}" of the provider "${provider}" ${fault}`, options);
  }
}

/** Holds across copies of core, of which a plugin may bring its own. */
export const isConfigurationError = (error: unknown): error is ConfigurationError =>
  GatewayError.is(error) && error.code === 'invalid-configuration' && 'issues' in error;
