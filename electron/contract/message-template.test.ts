import { describe, expect, it } from 'vitest';
import { messageTemplate } from './message-template.ts';

describe('the template of a message', () => {
  it.each([
    ['read 512 bytes at 0x1f00', 'read # bytes at #'],
    ['read 4,096 bytes at fffff80312345678', 'read # bytes at #'],
    ['device {9b93a332-c452-3e71-64f7-55130c7de2e4} gone', 'device # gone'],
    ['took 1.5 s, at 10:00:01.25', 'took # s, at #'],
    ['PCI\\VEN_8086&SUBSYS_c1cb2d31 started', 'PCI\\VEN_#&SUBSYS_# started'],
    ['STATUS_ACCESS_DENIED', 'STATUS_ACCESS_DENIED'],
    ['IRP_MJ_READ failed', 'IRP_MJ_READ failed'],
    ['facade and decade, defaced', 'facade and decade, defaced'],
    ['queue eaecefcf', 'queue #'],
    ['queue EAECEFCFx and eaecefcf_1', 'queue EAECEFCFx and #_#'],
    ['ends with blanks  \n', 'ends with blanks'],
    ['', ''],
  ])('%s is %s', (message, template) => {
    expect(messageTemplate(message)).toBe(template);
  });

  it('is bounded, whatever the message', () => {
    expect(messageTemplate('x'.repeat(1_000_000)).length).toBe(512);
  });
});
