use graven::model;

model! { pub Net(image: 28x28x1) < ZeroPadding2d((1, 2, 3)) > }

fn main() {}
