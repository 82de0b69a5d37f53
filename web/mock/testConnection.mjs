// Copyright the Rookery authors
// SPDX-License-Identifier: Apache-2.0

// POST /cameras/test: the address chooses the outcome. rtsp://HOST/ok works; rtsp://HOST/<step> fails at that step.

const advice = {
  address: ['The name “{host}” is not known.', 'Check the spelling, or use the IP address of the camera.'],
  connect: [
    '{host} does not accept connections on this port.',
    'Check that the camera is on and that RTSP is enabled in it.',
  ],
  rtsp: ['{host} answers, but not in RTSP.', 'This is perhaps the port of its web page; RTSP is usually on port 554.'],
  authorize: ['The camera refuses this user and password.', 'Some cameras have a separate account for RTSP or ONVIF.'],
  describe: ['The camera does not know this path (404 Not Found).', 'Look up the stream path in its manual.'],
  setup: ['The camera refuses the transport.', 'Choose TCP or UDP instead of the present one.'],
  play: ['The camera does not start (453 Not Enough Bandwidth).', 'Too many viewers are connected to it already.'],
  media: ['The camera sends nothing.', 'With UDP, a firewall may be in between: try TCP.'],
};

export function testConnection({ url }) {
  const [, host = '', path = ''] = /^rtsps?:\/\/([^/]+)\/?(.*)$/.exec(url) ?? [];
  const failed = advice[path];
  if (failed) {
    return { ok: false, step: path, message: failed[0].replace('{host}', host), advice: failed[1], tracks: [] };
  }
  return {
    ok: true,
    step: 'media',
    message: 'Pictures arrive.',
    advice: null,
    tracks: [
      { codec: 'h264', width: 1920, height: 1080, frameRate: 25, sampleRate: null, channels: null },
      { codec: 'aac', width: null, height: null, frameRate: null, sampleRate: 48_000, channels: 1 },
    ],
  };
}
