// A person at the page that asks for consent, without a browser: reads the form and answers it as a browser would.

const unescaped = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'" };
const attributes = (tag) => Object.fromEntries([...tag.matchAll(/([a-z_-]+)(?:="([^"]*)")?/g)]
  .map(([, name, value = '']) => [name, value.replace(/&(amp|lt|gt|quot|#39);/g, (entity) => unescaped[entity])]));

// The page at `url`: its status, its HTML, the cookie that came with it, and its form's fields as a browser would send them.
export async function openConsent(url) {
  const page = await fetch(url, { redirect: 'manual', headers: { Accept: 'text/html' } });
  const html = await page.text();
  const inputs = [...html.matchAll(/<input ([^>]*)>/g)].map(([, tag]) => attributes(tag));
  const fields = Object.fromEntries(inputs.filter(({ type, checked }) => type !== 'checkbox' || checked !== undefined)
    .map(({ name, value = '' }) => [name, value]));
  const form = /<form ([^>]*)>/.exec(html);
  return {
    status: page.status, headers: page.headers, html, fields,
    action: form && new URL(attributes(form[1]).action, url).href,
    cookie: page.headers.getSetCookie().map((line) => line.split(';')[0]).join('; '),
  };
}

// Sends the form with these values, and others where `changes` says so; the answer is not followed.
export function sendConsent(page, values, changes = {}) {
  return fetch(page.action, {
    method: 'POST', redirect: 'manual', body: new URLSearchParams({ ...page.fields, ...values }),
    headers: { Cookie: page.cookie, Origin: new URL(page.action).origin, ...changes },
  });
}

// Agrees to what `url` asks for with this Motion key, and returns where the browser is sent then.
export async function agree(url, key) {
  const page = await openConsent(url);
  if (!page.action) throw new Error(`there is no form at ${url}: ${page.status} ${page.html}`);
  const answer = await sendConsent(page, { api_key: key, decision: 'allow' });
  const location = answer.headers.get('location');
  if (!location) throw new Error(`the form was answered with ${answer.status} ${await answer.text()}`);
  return location;
}
