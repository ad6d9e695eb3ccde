import test from 'ava';
import {dockerConfig, hostForms} from '../../../src/kinds/pull-secret/docker-config.ts';

const forms: readonly (readonly [title: string, endpoint: string, hosts: readonly string[]])[] = [
  [
    'a European registry is named by IPv4 and dual-stack hosts',
    '123456789012.dkr.ecr.eu-central-1.amazonaws.com',
    ['123456789012.dkr.ecr.eu-central-1.amazonaws.com', '123456789012.dkr-ecr.eu-central-1.on.aws'],
  ],
  [
    'an American registry has FIPS hosts too',
    '123456789012.dkr.ecr.us-east-1.amazonaws.com',
    [
      '123456789012.dkr.ecr.us-east-1.amazonaws.com',
      '123456789012.dkr-ecr.us-east-1.on.aws',
      '123456789012.dkr.ecr-fips.us-east-1.amazonaws.com',
      '123456789012.dkr-ecr-fips.us-east-1.on.aws',
    ],
  ],
  [
    'a Chinese registry keeps to the hosts of its partition',
    '123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn',
    ['123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn', '123456789012.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn'],
  ],
  [
    'a scheme and a path are taken off',
    'https://123456789012.dkr.ecr.eu-west-1.amazonaws.com/',
    ['123456789012.dkr.ecr.eu-west-1.amazonaws.com', '123456789012.dkr-ecr.eu-west-1.on.aws'],
  ],
  ['another host stands for itself, with its port', 'http://127.0.0.1:5000', ['127.0.0.1:5000']],
  [
    'a look-alike gets no hosts of AWS',
    '123456789012.dkr.ecr.eu-west-1.amazonaws.com.attacker.example',
    ['123456789012.dkr.ecr.eu-west-1.amazonaws.com.attacker.example'],
  ],
];

for (const [title, endpoint, hosts] of forms) {
  test(title, (t) => t.deepEqual(hostForms(endpoint), hosts));
}

test('each host has username, password and auth, and the order of the registries does not matter', (t) => {
  const one = {host: '123456789012.dkr.ecr.eu-west-1.amazonaws.com', username: 'AWS', password: 'a:b'};
  const two = {host: '210987654321.dkr.ecr.eu-west-1.amazonaws.com', username: 'AWS', password: 'c'};
  const text = dockerConfig([one, two]);
  const {auths} = JSON.parse(text) as {auths: Record<string, unknown>};
  t.deepEqual(Object.keys(auths).length, 4);
  t.deepEqual(auths['123456789012.dkr-ecr.eu-west-1.on.aws'], {username: 'AWS', password: 'a:b', auth: 'QVdTOmE6Yg=='});
  t.is(dockerConfig([two, one]), text);
});
