import {createHash} from 'node:crypto';

/** Names that are this cluster's alone on the machine; from the directory, so that whoever cleans up finds them. */
export function nodeNames(directory: string): {readonly bridge: string; readonly cgroup: string; readonly network: string} {
  const id = createHash('sha256').update(directory).digest('hex').slice(0, 8);
  return {bridge: `dry${id}`, cgroup: `drayage-${id}`, network: `drayage-${id}`};
}

export const pauseImage = 'drayage.local/pause:1';

export function containerdConfig(directory: string, cniPlugins: string): string {
  const node = `${directory}/node`;
  const cri = 'plugins."io.containerd.grpc.v1.cri"';
  return `version = 2
root = "${node}/containerd"
state = "${node}/containerd-state"
[grpc]
  address = "${node}/containerd.sock"
[${cri}]
  sandbox_image = "${pauseImage}"
  # Lowering oom_score_adj needs CAP_SYS_RESOURCE, which containers that CI runs in may lack: every sandbox would fail.
  restrict_oom_score_adj = true
  netns_mounts_under_state_dir = true
  stream_server_address = "127.0.0.1"
  [${cri}.cni]
    bin_dir = "${cniPlugins}"
    conf_dir = "${node}/cni"
  [${cri}.containerd.runtimes.runc]
    runtime_type = "io.containerd.runc.v2"
    [${cri}.containerd.runtimes.runc.options]
      SystemdCgroup = false
      Root = "${node}/runc"
  [${cri}.registry]
    config_path = "${node}/certs.d"
`;
}

/** Pods get addresses of the bridge's subnet and reach the host and each other; nothing is masqueraded to the outside. */
export function cniConfig(directory: string, subnet: string, gateway: string): string {
  const {bridge, network} = nodeNames(directory);
  const ipam = {
    type: 'host-local',
    dataDir: `${directory}/node/addresses`,
    ranges: [[{subnet, gateway}]],
    routes: [{dst: '0.0.0.0/0'}],
  };
  return JSON.stringify({
    cniVersion: '0.4.0',
    name: network,
    plugins: [
      // Without isGateway the plugin leaves net.ipv4.ip_forward alone. The bridge has its address already.
      {type: 'bridge', bridge, isGateway: false, ipMasq: false, hairpinMode: true, ipam},
      {type: 'portmap', capabilities: {portMappings: true}},
    ],
  });
}

export function kubeletConfig(directory: string, address: string, port: number): string {
  return JSON.stringify({
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    failCgroupV1: false,
    failSwapOn: false,
    cgroupDriver: 'cgroupfs',
    cgroupRoot: `/${nodeNames(directory).cgroup}`,
    enforceNodeAllocatable: [],
    // The address is the bridge's: only this machine and its pods reach it.
    address,
    port,
    healthzPort: 0,
    authentication: {anonymous: {enabled: true}, webhook: {enabled: false}},
    authorization: {mode: 'AlwaysAllow'},
    containerRuntimeEndpoint: `unix://${directory}/node/containerd.sock`,
    clusterDNS: ['10.96.0.10'],
    clusterDomain: 'cluster.local',
    evictionHard: {'imagefs.available': '1%', 'nodefs.available': '1%', 'memory.available': '50Mi'},
    // 100 turns image collection off: it would take the pause image, which no container seems to use.
    imageGCHighThresholdPercent: 100,
    makeIPTablesUtilChains: false,
    podLogsDir: `${directory}/node/pod-logs`,
    volumePluginDir: `${directory}/node/volume-plugins`,
    serializeImagePulls: false,
    syncFrequency: '5s',
  });
}

/** containerd's `hosts.toml`: pulls of a host go to `url`, and never to the host itself. */
export function hostsToml(url: string): string {
  return `server = "${url}"\n[host."${url}"]\n  capabilities = ["pull", "resolve"]\n`;
}
