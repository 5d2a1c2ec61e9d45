import { expect, it } from 'vitest';
import { INDEX } from '../contract/address.ts';
import { TROUBLE_POLICY, troublePage } from './trouble-page.ts';

it('has no script, says that capture goes on, and has one way back, which has the focus', () => {
  const html = troublePage('crashed');
  expect(html).not.toMatch(/<script|\son\w+=|javascript:|<iframe|<img|http/i);
  expect(html).toContain('The log is still captured');
  expect(html.match(/<a [^>]*>/g)).toEqual([`<a href="${INDEX}" autofocus>`]);
  expect(TROUBLE_POLICY).toContain("default-src 'none'");
  expect(TROUBLE_POLICY).not.toContain('script-src');
});

it('shows what the system says as text, whatever it is', () => {
  const html = troublePage('<script>alert("x")</script> & more');
  expect(html).toContain('&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; more');
});
