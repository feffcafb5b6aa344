"""What scripts that read a page have in common."""

# Web components keep their parts in a tree of their own, which an ordinary query does not enter.
PIERCING = """
const everywhere = (root, selector) => {
  const found = [...root.querySelectorAll(selector)];
  for (const host of root.querySelectorAll('*')) {
    if (host.shadowRoot) found.push(...everywhere(host.shadowRoot, selector));
  }
  return found;
};
const visible = e => {
  const box = e.getBoundingClientRect();
  return box.width > 1 && box.height > 1 && e.checkVisibility({opacityProperty: true, visibilityProperty: true});
};
"""
