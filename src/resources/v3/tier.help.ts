import type { HelpOf, KindHelp } from '../field-help.js';
import { metadataHelp } from './metadata.help.js';
import type { TierSpec } from './tier.js';

const spec: HelpOf<TierSpec> = {
  order: ['Where among the tiers this one stands: lower ones are evaluated first.', 500],
  defaultAction: ['What happens to packets of endpoints to which policies of the tier apply, where none of their rules fits.', 'Pass'],
};

/** Help for Tier. */
export const tierHelp: KindHelp = {
  help: 'A group of policies; tiers are evaluated one after the other, by their order.',
  example: { metadata: { name: 'security' }, spec: { order: 500, defaultAction: 'Pass' } },
  metadata: metadataHelp,
  spec,
  status: {},
};
