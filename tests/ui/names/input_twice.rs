use graven::model;

model! { pub Net(x: 3, x: 3) < Add(x, x) > }

fn main() {}
