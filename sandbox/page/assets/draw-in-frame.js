/* Runs in the frame without an origin, after Mermaid: is sent sources, sends back pictures. */
{
  const settings = {
    startOnLoad: false,
    securityLevel: 'strict',
    suppressErrorRendering: true,
    maxTextSize: 50_000,
    maxEdges: 500,
    fontFamily: "-apple-system, BlinkMacSystemFont, 'Segoe UI', 'Noto Sans', Helvetica, Arial, sans-serif",
    // What a diagram's own text may not change.
    secure: [
      'secure',
      'securityLevel',
      'startOnLoad',
      'suppressErrorRendering',
      'maxTextSize',
      'maxEdges',
      'fontFamily',
      'themeCSS',
      'dompurifyConfig',
    ],
  };

  const draw = async ({ id, source, theme }) => {
    mermaid.initialize({ ...settings, theme: theme === 'dark' ? 'dark' : 'default' });
    const { svg } = await mermaid.render(`diagram-${id}`, source);
    const holder = document.createElement('div');
    holder.innerHTML = svg;
    const picture = holder.querySelector('svg');
    const { width, height } = picture.viewBox.baseVal;
    picture.removeAttribute('style');
    picture.setAttribute('width', Math.ceil(width));
    picture.setAttribute('height', Math.ceil(height));
    return {
      svg: new XMLSerializer().serializeToString(picture),
      width: Math.ceil(width),
      height: Math.ceil(height),
    };
  };

  // One at a time: Mermaid's settings are the same for all.
  let last = Promise.resolve();
  addEventListener('message', ({ source: sender, data }) => {
    if (sender !== parent) return;
    last = last
      .then(() => draw(data))
      .catch((error) => ({ error: String(error?.message ?? error) }))
      .then((drawn) => parent.postMessage({ id: data.id, ...drawn }, '*'));
  });
  parent.postMessage({ ready: true }, '*');
}
