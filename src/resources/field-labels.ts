/** The labels that Calico makes of fields: of what every stored endpoint has (reference/storage 1.6), and of the service account of a workload. */
export const NAMESPACE_LABEL = 'projectcalico.org/namespace';
export const ORCHESTRATOR_LABEL = 'projectcalico.org/orchestrator';
export const ACCOUNT_LABEL = 'projectcalico.org/serviceaccount';
