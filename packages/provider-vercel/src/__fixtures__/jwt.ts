/** A token of the right form whose life ends at `expSeconds`. */
export { canaryToken as jwt } from '../../../testing/src/__fixtures__/canaries/canary.js';
