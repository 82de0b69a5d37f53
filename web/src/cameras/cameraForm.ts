// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

import type { Camera, CameraInput, RecordingMode, TestRequest, Transport } from '../api/types';
import type { TextKey } from '../i18n/i18n';

/** What the fields of the dialog hold: texts as typed. */
export interface CameraForm {
  name: string;
  url: string;
  user: string;
  password: string;
  transport: Transport;
  recording: RecordingMode;
  retentionDays: number | '';
  /** A class of one's own instead of days; null for none. */
  retentionClass: number | null;
}

export const emptyForm: CameraForm = {
  name: '',
  url: '',
  user: '',
  password: '',
  transport: 'auto',
  recording: 'continuous',
  retentionDays: '',
  retentionClass: null,
};

export const formOf = (camera: Camera): CameraForm => ({
  name: camera.name,
  url: camera.url,
  user: camera.user ?? '',
  password: '',
  transport: camera.transport,
  recording: camera.recording,
  retentionDays: camera.retentionDays ?? '',
  retentionClass: camera.retentionClass,
});

/**
 * Credentials inside the address, as people paste them from a manual, moved to their own fields: the address is shown
 * to every user and must not carry them.
 */
export function withoutCredentials(form: CameraForm): CameraForm {
  const match = /^(rtsps?:\/\/)([^@/?#]+)@(.+)$/i.exec(form.url.trim());
  if (!match) return form;
  const [, scheme = '', credentials = '', rest = ''] = match;
  const colon = credentials.indexOf(':');
  const user = colon < 0 ? credentials : credentials.slice(0, colon);
  const password = colon < 0 ? form.password : decode(credentials.slice(colon + 1));
  return { ...form, url: scheme + rest, user: decode(user), password };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A bare percent sign, as in many passwords.
    return text;
  }
}

const certificateMark = '#insecure';

/** Whether the address is of the encrypted kind, where certificates matter. */
export const isEncrypted = (url: string): boolean => /^rtsps:/i.test(url.trim());

/** Whether any certificate is accepted; the server wants that said at the end of the address. */
export const acceptsAnyCertificate = (url: string): boolean => url.trim().toLowerCase().endsWith(certificateMark);

/** The address with or without that mark; another fragment means nothing to a camera and makes place for it. */
export function withAnyCertificate(url: string, accept: boolean): string {
  const plain = url.trim().replace(/#.*$/, '');
  return accept ? plain + certificateMark : plain;
}

export type FormFaults = Partial<Record<'name' | 'url', TextKey>>;

export function faultsOf(form: CameraForm): FormFaults {
  const faults: FormFaults = {};
  if (form.name.trim() === '') faults.name = 'camera.nameMissing';
  if (!/^rtsps?:\/\/[^\s/]+/i.test(form.url.trim())) faults.url = 'camera.urlBad';
  return faults;
}

/** The body of a request; an empty password is left out, which keeps the stored one, unless its user was taken away. */
export function inputOf(form: CameraForm): CameraInput {
  return {
    name: form.name.trim(),
    url: form.url.trim(),
    user: form.user === '' ? null : form.user,
    ...(form.password !== '' ? { password: form.password } : form.user === '' ? { password: null } : {}),
    transport: form.transport,
    recording: form.recording,
    retentionDays: form.retentionDays === '' ? null : form.retentionDays,
    retentionClass: form.retentionClass,
  };
}

export function testOf(form: CameraForm, cameraId: string | undefined): TestRequest {
  const { url, user } = inputOf(form);
  return {
    url,
    transport: form.transport,
    ...(user ? { user } : {}),
    ...(form.password === '' ? {} : { password: form.password }),
    ...(cameraId === undefined ? {} : { cameraId }),
  };
}
