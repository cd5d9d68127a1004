window.forgeIndex = [
["shop","shop","index.html","main.fg: A shop that answers over HTTP. src/money.fg"],
["Routes","shop","index.html#routes","request handler  GET /prices/:item price What something costs, or 404. GET /p/:item price What something costs, or 404."],
["main.fg","main.fg","main.html","A shop that answers over HTTP. Prices are those of Cart, shown by euros."],
["prices","main.fg","main.html#prices","What is sold: names and prices."],
["Cart","main.fg","main.html#cart","What a visitor wants to buy. Has the powers of Priced. items: [String] = []: Names of what is in it. coupon: ?String = null"],
["Cart.with","main.fg","main.html#cartwith","The cart with one more item, see total."],
["Cart.total","main.fg","main.html#carttotal",""],
["Payment","main.fg","main.html#payment","How a payment is made. Cash Card(String)"],
["Priced","main.fg","main.html#priced","Whatever has a price."],
["Priced.total","main.fg","main.html#pricedtotal","The price in whole euros, as Cart.total has it."],
["price","main.fg","main.html#price","Answers GET /prices/:item. Answers GET /p/:item. What something costs, or 404."],
["Answers","main.fg","main.html#answers","{ \"price\": \"4.00 EUR\" }"],
["named","main.fg","main.html#named","Asks a model for a name."],
["src/money.fg","src/money.fg","src/money.html",""],
["euros","src/money.fg","src/money.html#euros","Whole euros with pad_start and <b>no</b> HTML: <script>alert(1)</script>."]
];
