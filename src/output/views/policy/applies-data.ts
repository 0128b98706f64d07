import { goJsonIndented } from '../../../go/indented-json.js';
import type { EndpointPolicies } from '../../../insight/applies.js';
import type { Directory } from '../../../insight/directory.js';
import type { LabelOrigin } from '../../../insight/labels.js';
import { formatIp } from '../../../net/address.js';
import { appliedEndpoint, appliedTo } from '../../../policy/applied.js';
import type { Model } from '../../../policy/model.js';
import type { Policy } from '../../../policy/policy.js';
import { labelData } from './labels.js';
import { selectorReason } from './selector-reason.js';
import { shownRule } from './words.js';

/** What `policy applies --all -o json` prints: each endpoint with its tiers and policies, as indexes into the list of policies. */
export function allAppliesData(model: Model): string {
  return `${goJsonIndented(appliedTo(model))}\n`;
}

/** What `policy applies ENDPOINT -o json` prints. */
export function endpointAppliesData(model: Model, { endpoint, mentions }: EndpointPolicies, labels: readonly LabelOrigin[], directory: Directory): string {
  const shown = (policy: Policy): object => ({
    policy: directory.name(policy.id),
    order: Number.isFinite(policy.order) ? policy.order : null,
    because: selectorReason(policy.matcher.selector, endpoint.labels, directory.dialect),
  });
  return `${goJsonIndented({
    endpoint: directory.name(endpoint.id),
    addresses: endpoint.nets.map(({ address }) => formatIp(address)),
    ...appliedEndpoint(model, endpoint, shown),
    mentions: mentions.map(({ rule, sides }) => ({ policy: directory.name(rule.owner.id), direction: rule.direction, number: rule.index + 1, as: sides, text: shownRule(rule, directory) })),
    labels: labels.map((label) => labelData(label, directory)),
  })}\n`;
}
