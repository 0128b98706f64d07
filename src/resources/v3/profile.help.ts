import type { HelpOf, KindHelp } from '../field-help.js';
import { metadataHelp } from './metadata.help.js';
import type { ProfileSpec } from './profile.js';
import { directionsHelp, RULES } from './rules.help.js';

const spec: HelpOf<ProfileSpec> = {
  ...directionsHelp,
  labelsToApply: ['Labels that every endpoint gets that names the profile.', { tier: 'frontend' }],
};

/** Help for Profile. */
export const profileHelp: KindHelp = {
  help: 'Rules and labels for the endpoints that name it; its rules count where no policy decides.',
  example: { metadata: { name: 'frontend' }, spec: { ingress: RULES, labelsToApply: { tier: 'frontend' } } },
  metadata: metadataHelp,
  spec,
};
