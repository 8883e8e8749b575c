use graven::model;

model! { pub Net(image: 28x28x1) < Conv2d(6, 5x5, paddin = same), MaxPol2d(2x2) > }

fn main() {}
