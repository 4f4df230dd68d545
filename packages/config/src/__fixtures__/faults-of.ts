import { rejectionOf } from '@headrace/testing';
import { ConfigFileError, type Environment, loadGateway } from '../index.js';
import { Project } from './project.js';

/** The issues of a file in short. */
export const faultsOf = async (
  content: string | Uint8Array,
  name = 'c.yaml',
  env: Environment = {},
): Promise<readonly string[]> => {
  using project = new Project({ [name]: content });
  const error = await rejectionOf(loadGateway(name, { from: project.folder, env }));
  if (!(error instanceof ConfigFileError)) throw error;
  return error.issues.map(({ field, place, message, remedy }) =>
    [`${place?.line ?? '-'}:${place?.column ?? '-'}`, field, message, remedy].filter(Boolean).join(' '),
  );
};
