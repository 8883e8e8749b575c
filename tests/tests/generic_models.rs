//! Models whose sizes are left open: `[const H: usize]`.

use graven::prelude::*;
use graven::testing::check_layer;
use graven::{Memory, Model};

model! {
    /// Two layers, the hidden one of any size.
    #[scalar(f64)]
    pub Mlp[const H: usize] < Dense(5 -> H, tanh), Dropout(0.25), Dense(H -> 3, softmax) >
}

#[test]
fn the_size_is_chosen_where_the_type_is_used() {
    let net = Mlp::<7>::init(1);
    assert_eq!(Mlp::<7>::PARAMETERS, 5 * 7 + 7 + 7 * 3 + 3);
    assert_eq!(Mlp::<7>::MACS, 5 * 7 + 7 * 3);
    assert_eq!((Mlp::<7>::SCRATCH_BYTES, Mlp::<11>::SCRATCH_BYTES), (7 * 8, 11 * 8));
    assert_eq!(Mlp::<11>::LAYERS[0].output, [11]);
    let x = [0.1, -0.2, 0.3, 0.4, -0.5];
    let hidden = (net.dense.kernel * nalgebra::SVector::from(x) + net.dense.bias).map(f64::tanh);
    let exp = (net.dense_1.kernel * hidden + net.dense_1.bias).map(f64::exp);
    for (found, wanted) in net.predict(&x).iter().zip((exp / exp.sum()).iter()) {
        assert!((found - wanted).abs() < 1e-14);
    }
    let mut output = [0.0; 3];
    net.predict_in(&x, &mut <Mlp<7> as Model>::Scratch::zeros(), &mut output);
    assert_eq!(output, net.predict(&x));
    let mut outputs = [[0.0; 3]; 50];
    net.predict_batch(&[x; 50], &mut outputs).unwrap();
    assert!(outputs.iter().all(|output| *output == net.predict(&x)));
}

/// A model for each name of a size.
macro_rules! named {
    ($($module:ident $size:ident),+) => {
        $(mod $module {
            graven::model! { pub Net[const $size: usize] < Dense(3 -> $size, relu), Dense($size -> 2) > }
        })+

        #[test]
        fn a_size_may_have_any_name() {
            $(assert_eq!($module::Net::<4>::init(1).predict(&[0.1, 0.2, 0.3]).len(), 2);)+
        }
    };
}
named!(a A, c C, f F, l L, m M, o O, p P, q Q, s S, t T, x X, y Y, z Z);

// Every way in which sizes meet: sums, products and maxima of them, branches, a block, a head over an open axis. `Concat`
// gives 2·H + 4, which gets a name, since no type can hold the sum.
model! { #[scalar(f64)] pub Wide[const H: usize, const ALL: usize](x: (3, H)) -> (near, far, deep) <
    rows = Dense(H, tanh)(x),
    more = Dense(4, tanh)(rows),
    both = Concat(rows, more, x),
    narrow = Dense(ALL -> 2, softmax)(both),
    end = Activation(softmax)(rows),
    mixed = Multiply(end, x),
    far = Dense(2)(mixed),
    deep = Residual< Dense(9, gelu), Dense(H) >(x),
    near = Add(narrow, far),
> }

#[test]
fn derivatives() {
    check_layer::<Mlp<1>>();
    check_layer::<Mlp<6>>();
    check_layer::<Wide<1, 6>>();
    check_layer::<Wide<5, 14>>();
}

type Inner = Mlp<4>;
model! { #[scalar(f64)] pub Outer < Inner, Dense(2) > }

#[test]
fn a_model_of_chosen_size_is_a_layer() {
    check_layer::<Outer>();
}

#[test]
fn it_learns_and_is_kept_in_a_file() {
    let data: Vec<_> =
        (0..60).map(|i| [f64::from(i % 3), f64::from(i % 5), 0.5, -1.0, f64::from(i % 2)]).collect();
    let targets: Vec<usize> = (0..60).map(|i| i % 3).collect();
    let data = Dataset::new(data, targets).unwrap();
    let loss = SparseCategoricalCrossentropy::default();
    let mut trainer = Mlp::<16>::init(2).compile(Adam::new(0.02), loss, Accuracy::default());
    let options = Fit { epochs: 40, verbose: Verbose::Silent, ..Fit::default() };
    let history = trainer.fit(&data, options).unwrap();
    assert!(history.last("loss") < Some(0.5 * history.get("loss").unwrap()[0]), "{history:?}");
    let path = std::env::temp_dir().join(format!("graven-generic-{}.safetensors", std::process::id()));
    trainer.model().save(&path).unwrap();
    let again = Mlp::<16>::load(&path).unwrap();
    assert_eq!(again.as_slice(), trainer.model().as_slice());
    assert!(Mlp::<15>::load(&path).is_err());
    std::fs::remove_file(path).unwrap();
}
