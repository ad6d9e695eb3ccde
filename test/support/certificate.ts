import {execFileSync} from 'node:child_process';
import {mkdtempSync, readFileSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import path from 'node:path';

export interface Certificate {
  readonly cert: string;
  readonly key: string;
}

/** A self-signed certificate for 127.0.0.1 and localhost, valid for a day. It is its own CA. */
export function makeCertificate(commonName = 'fake-api-server'): Certificate {
  const folder = mkdtempSync(path.join(tmpdir(), 'drayage-cert-'));
  const file = (name: string) => path.join(folder, name);
  try {
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', file('key.pem')];
    const names = ['-subj', `/CN=${commonName}`, '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:api.test'];
    execFileSync('openssl', ['req', '-x509', '-days', '1', '-out', file('cert.pem'), ...key, ...names], {stdio: 'pipe'});
    return {cert: readFileSync(file('cert.pem'), 'utf8'), key: readFileSync(file('key.pem'), 'utf8')};
  } finally {
    rmSync(folder, {recursive: true});
  }
}

let shared: Certificate | undefined;

/** One for all servers of a test file that need none of their own: making one takes longer than most tests. */
export function sharedCertificate(): Certificate {
  shared ??= makeCertificate();
  return shared;
}
