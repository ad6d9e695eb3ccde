/** A Go module file of `tools/`, and the programs that are built from it in one `go build`, so that they share what they compile. */
export interface ToolSet {
  readonly name: string;
  /** The module whose version names the folder; without it, the set is a program of our own. */
  readonly module?: string;
  /** Program name → package. */
  readonly programs: Readonly<Record<string, string>>;
  /** Go's build tags, separated by commas. */
  readonly tags?: string;
  readonly ldflags?: (version: string) => string;
  /** Text files of the module that the programs need at run time: file name → paths in the module, joined as YAML documents. */
  readonly data?: Readonly<Record<string, readonly string[]>>;
}

const stamp = 'k8s.io/component-base/version';
const stages = 'kustomize/stage';

export const toolSets: readonly ToolSet[] = [
  {
    name: 'kubernetes',
    module: 'k8s.io/kubernetes',
    programs: Object.fromEntries(
      ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubectl', 'kubelet'].map((name) => [
        name,
        `k8s.io/kubernetes/cmd/${name}`,
      ]),
    ),
    // Without its version the API server calls itself v0.0.0-master, and clients that compare versions refuse it.
    ldflags: (version) => {
      const [major, minor] = version.replace(/^v/, '').split('.');
      return `-X ${stamp}.gitVersion=${version} -X ${stamp}.gitMajor=${major} -X ${stamp}.gitMinor=${minor}`;
    },
  },
  {name: 'etcd', module: 'go.etcd.io/etcd/server/v3', programs: {etcd: 'go.etcd.io/etcd/server/v3'}},
  {
    name: 'registry',
    module: 'github.com/distribution/distribution/v3',
    programs: {registry: 'github.com/distribution/distribution/v3/cmd/registry', crane: 'github.com/google/go-containerregistry/cmd/crane'},
  },
  {name: 'helm', module: 'helm.sh/helm/v3', programs: {helm: 'helm.sh/helm/v3/cmd/helm'}},
  {
    name: 'kwok',
    module: 'sigs.k8s.io/kwok',
    programs: {kwok: 'sigs.k8s.io/kwok/cmd/kwok'},
    data: {
      'stages.yaml': [
        `${stages}/node/fast/node-initialize.yaml`,
        `${stages}/pod/fast/pod-ready.yaml`,
        `${stages}/pod/fast/pod-complete.yaml`,
        `${stages}/pod/fast/pod-delete.yaml`,
      ],
    },
  },
  {
    name: 'promtool',
    module: 'github.com/prometheus/prometheus',
    programs: {promtool: 'github.com/prometheus/prometheus/cmd/promtool'},
    // Service discovery would bring in the SDK of every cloud.
    tags: 'remove_all_sd',
  },
  {name: 'pause', programs: {pause: '.'}},
];
